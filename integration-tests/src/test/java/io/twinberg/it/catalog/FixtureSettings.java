package io.twinberg.it.catalog;

import io.twinberg.it.engine.ClientRegion;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a fixture catalog serves.
 *
 * @param data the folder of its database; a catalog started on the same folder has the same tables
 * @param port where it listens; 0: a free port
 * @param properties of Iceberg's catalog, the warehouse among them
 */
public record FixtureSettings(Path data, int port, Map<String, String> properties) {

  /** Copies the properties. */
  public FixtureSettings {
    properties = Map.copyOf(properties);
  }

  /** A catalog whose warehouse is in a store with these S3 properties. */
  public static FixtureSettings onS3(Path data, String warehouse, Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>(ClientRegion.added(storage));
    properties.put("warehouse", warehouse);
    properties.put("io-impl", "org.apache.iceberg.aws.s3.S3FileIO");
    return new FixtureSettings(data, 0, properties);
  }

  /** A catalog whose warehouse is a local folder. */
  public static FixtureSettings onFolder(Path data, Path warehouse) {
    return new FixtureSettings(
        data, 0, Map.of("warehouse", warehouse.toUri().toString().replaceFirst("/$", "")));
  }

  /** The same catalog on a port of the caller's choice. */
  public FixtureSettings withPort(int port) {
    return new FixtureSettings(data, port, properties);
  }

  /** The same catalog with one more property. */
  public FixtureSettings with(String key, String value) {
    Map<String, String> more = new HashMap<>(properties);
    more.put(key, value);
    return new FixtureSettings(data, port, more);
  }

  /** The properties with those that the JDBC catalog needs on top. */
  Map<String, String> catalogProperties() {
    Map<String, String> all = new HashMap<>(properties);
    all.putIfAbsent("uri", "jdbc:sqlite:" + data.resolve("fixture.db").toAbsolutePath());
    all.putIfAbsent("jdbc.schema-version", "V1"); // views
    all.putIfAbsent("clients", "1"); // two writers of one SQLite file meet SQLITE_BUSY
    return all;
  }
}
