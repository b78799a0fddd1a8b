package io.twinberg.embedded;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an embedded catalog is made of.
 *
 * @param name the source's name; several catalogs live side by side in one database
 * @param warehouse the root location of its tables, with scheme
 * @param allowedLocations further roots that clients may name; empty: only the warehouse
 * @param ioImplementation class name of the Iceberg {@code FileIO} that reads and writes metadata
 * @param ioProperties its settings, which may be secret and are never handed to clients
 */
public record EmbeddedSettings(
    String name,
    String warehouse,
    List<String> allowedLocations,
    String ioImplementation,
    Map<String, String> ioProperties) {
  private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*:/.+");

  /** Copies the collections and refuses a root that is not an absolute location. */
  public EmbeddedSettings {
    warehouse = root("warehouse", warehouse);
    allowedLocations =
        allowedLocations.stream().map(location -> root("allowed-locations", location)).toList();
    ioProperties = Map.copyOf(ioProperties);
  }

  private static String root(String key, String location) {
    if (!SCHEME.matcher(location).matches()) {
      throw new IllegalArgumentException(
          key + " must be a location with a scheme (file:/folder, s3://bucket/path): " + location);
    }
    return location.replaceAll("/+$", "");
  }

  /** Shows no storage settings, for they hold secrets. */
  @Override
  public String toString() {
    return "EmbeddedSettings[name=" + name + ", warehouse=" + warehouse + "]";
  }
}
