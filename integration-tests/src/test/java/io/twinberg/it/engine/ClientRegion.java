package io.twinberg.it.engine;

import java.util.HashMap;
import java.util.Map;

/** The region in the name under which Iceberg's Java clients look for it. */
public final class ClientRegion {
  private ClientRegion() {}

  /** Adds {@code client.region} where only {@code s3.region} is given, which Java ignores. */
  public static Map<String, String> added(Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>(storage);
    String region = storage.get("s3.region");
    if (region != null) {
      properties.putIfAbsent("client.region", region);
    }
    return properties;
  }
}
