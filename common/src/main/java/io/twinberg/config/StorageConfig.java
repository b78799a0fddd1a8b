package io.twinberg.config;

import io.twinberg.config.yaml.MapType;
import io.twinberg.config.yaml.ValueType;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Settings of a store under Iceberg's own property names; prints mask what looks secret. */
public record StorageConfig(Map<String, Secret> settings) {
  private static final List<String> SECRET_PARTS =
      List.of(
          "secret",
          "token",
          "password",
          "access-key",
          "shared-key",
          "sse.key",
          "credential",
          "connection-string",
          "authorization");
  private static final MapType<Secret> SETTINGS =
      new MapType<>("settings", Types.SETTING, StorageConfig::shown);

  /** The type of keys that hold such settings. */
  static final ValueType<StorageConfig> TYPE =
      SETTINGS.as(StorageConfig::new, StorageConfig::settings);

  static final StorageConfig NONE = new StorageConfig(Map.of());

  public StorageConfig {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }

  /** The settings in the clear, as Iceberg's FileIO takes them. */
  public Map<String, String> reveal() {
    Map<String, String> revealed = new LinkedHashMap<>();
    settings.forEach((key, value) -> revealed.put(key, value.reveal()));
    return Collections.unmodifiableMap(revealed);
  }

  @Override
  public String toString() {
    return SETTINGS.show(settings).toString();
  }

  private static Object shown(String key, Secret value) {
    return isSecret(key) ? Secret.MASK : value.reveal();
  }

  private static boolean isSecret(String key) {
    return SECRET_PARTS.stream().anyMatch(key.toLowerCase(Locale.ROOT)::contains);
  }
}
