package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.config.Secret;
import io.twinberg.config.StorageConfig;
import io.twinberg.testing.OldS3Server;
import io.twinberg.testing.S3Server;
import io.twinberg.testing.StsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own S3FileIO, which the embedded catalog writes with, heeds the same settings. */
class StorageSettingsTest {
  private static final String FILE = "s3://lake/x";

  @TempDir private Path folder;

  @Test
  void checksumMode_ownFileIO_writesToAnOldServer() throws IOException {
    try (OldS3Server server = new OldS3Server()) {
      Map<String, String> storage = new HashMap<>(server.properties());
      storage.put("s3.checksum-mode", "when-required");
      assertThat(roundTrip(StorageSettings.forOwnFileIO(config(storage)))).isEqualTo(7);
      assertThat(server.refused()).isEmpty();
    }
  }

  @Test
  void checksumMode_leftOut_oldServerRefuses() {
    try (OldS3Server server = new OldS3Server()) {
      Map<String, String> settings = StorageSettings.forOwnFileIO(config(server.properties()));
      assertThatThrownBy(() -> roundTrip(settings)).hasMessageContaining("400");
      assertThat(server.refused()).isNotEmpty();
    }
  }

  /** An unknown key to Iceberg: it must not stand in the way of readers. */
  @Test
  void checksumMode_inClientSettings_changesNothing() throws IOException {
    try (S3Server server = S3Server.start(folder, "root", "root-secret")) {
      server.createBucket("lake");
      Map<String, String> client = new HashMap<>(server.properties());
      client.put("s3.checksum-mode", "when-required");
      assertThat(roundTrip(StorageSettings.forIceberg(config(client)))).isEqualTo(7);
    }
  }

  @Test
  void role_ownFileIO_writesWithTheRolesKeys() throws IOException {
    try (S3Server server = S3Server.start(folder, "root", "root-secret");
        StsServer sts = new StsServer("eu-west-1", "caller", "caller-secret")) {
      server.createBucket("lake");
      server.addKeys("role", "role-secret");
      sts.layOut("role", "role-secret", "role-token", Duration.ofHours(1));
      Map<String, String> storage = new HashMap<>(server.properties());
      storage.put("s3.access-key-id", "caller");
      storage.put("s3.secret-access-key", "caller-secret");
      storage.put("client.assume-role.arn", "arn:aws:iam::1:role/lake");
      storage.put("client.assume-role.region", "eu-west-1");
      storage.put("client.assume-role.endpoint", sts.endpoint());
      assertThat(roundTrip(StorageSettings.forOwnFileIO(config(storage)))).isEqualTo(7);
      assertThat(sts.asked()).hasSize(1);
      assertThat(sts.complaints()).isEmpty();
    }
  }

  private static int roundTrip(Map<String, String> settings) throws IOException {
    try (FileIO io = CatalogUtil.loadFileIO("org.apache.iceberg.aws.s3.S3FileIO", settings, null)) {
      try (OutputStream out = io.newOutputFile(FILE).create()) {
        out.write(7);
      }
      try (InputStream in = io.newInputFile(FILE).newStream()) {
        return in.read();
      }
    }
  }

  private static StorageConfig config(Map<String, String> settings) {
    return new StorageConfig(
        settings.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> Secret.of(entry.getValue()))));
  }
}
