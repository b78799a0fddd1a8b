package io.twinberg.command;

import io.twinberg.config.StorageConfig;
import java.util.LinkedHashMap;
import java.util.Map;

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
}
