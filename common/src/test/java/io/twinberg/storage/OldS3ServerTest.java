package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.storage.StoreException.Kind;
import io.twinberg.testing.OldS3Server;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Servers from before the SDK's checksums work with one setting, and say which without it. */
class OldS3ServerTest {
  private static final String OBJECT = "s3://bucket/x";

  private OldS3Server server;

  @BeforeEach
  void start() {
    server = new OldS3Server();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void checksums_whenRequired_oldServerIsWrittenAndRead() throws IOException {
    Map<String, String> properties = new HashMap<>(server.properties());
    properties.put("s3.checksum-mode", "when-required");
    try (ObjectStore store = ObjectStores.from(properties)) {
      store.put(OBJECT, new byte[] {7, 8});
      try (StoreOutput out = store.create("s3://bucket/y")) {
        out.write(new byte[] {9});
      }
      assertThat(store.length(OBJECT)).hasValue(2);
      try (InputStream in = store.open(OBJECT)) {
        assertThat(in.readAllBytes()).containsExactly(7, 8);
      }
      try (InputStream in = store.open("s3://bucket/y")) {
        assertThat(in.readAllBytes()).containsExactly(9);
      }
      store.delete(OBJECT);
      assertThat(store.length("s3://bucket/y")).hasValue(1);
    }
    assertThat(server.refused()).isEmpty();
  }

  @Test
  void checksums_byDefault_oldServerRefusesAndTheSettingIsNamed() {
    try (ObjectStore store = ObjectStores.from(server.properties())) {
      assertThatExceptionOfType(StoreException.class)
          .isThrownBy(() -> store.put(OBJECT, new byte[] {7, 8}))
          .matches(e -> e.kind() == Kind.INVALID)
          .withMessageContaining("s3.checksum-mode: when-required");
    }
    assertThat(server.refused()).containsExactly("/bucket/x");
  }
}
