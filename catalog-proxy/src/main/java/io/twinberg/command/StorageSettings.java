package io.twinberg.command;

import io.twinberg.config.StorageConfig;
import io.twinberg.storage.IcebergS3Clients;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIOProperties;

/** Storage settings as Iceberg's own clients want them. */
final class StorageSettings {
  private StorageSettings() {}

  /** Iceberg's Java clients read the region under another name than everybody else. */
  static Map<String, String> forIceberg(StorageConfig config) {
    Map<String, String> settings = new LinkedHashMap<>(config.reveal());
    String region = settings.get("s3.region");
    if (region != null) {
      settings.putIfAbsent("client.region", region);
    }
    return settings;
  }

  /** The same for a FileIO in this process, which can be told what Iceberg does not know. */
  static Map<String, String> forOwnFileIO(StorageConfig config) {
    Map<String, String> settings = forIceberg(config);
    if (IcebergS3Clients.neededFor(settings)) {
      settings.putIfAbsent(S3FileIOProperties.CLIENT_FACTORY, IcebergS3Clients.class.getName());
    }
    return settings;
  }
}
