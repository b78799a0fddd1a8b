package io.twinberg.it.engine;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An Iceberg REST catalog as a Spark session sees it.
 *
 * @param name its name in SQL
 * @param uri the base URI, before {@code /v1}
 * @param warehouse what the client sends to the catalog's config endpoint
 * @param storage how Spark itself reaches the files, in Iceberg's names; empty if the catalog's
 *     answers say so
 * @param token the bearer token
 * @param more further properties of the client
 */
public record SparkCatalog(
    String name,
    URI uri,
    Optional<String> warehouse,
    Map<String, String> storage,
    Optional<String> token,
    Map<String, String> more) {

  /** Checks the name and copies the storage properties. */
  public SparkCatalog {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("Not a catalog name that SQL takes unquoted: " + name);
    }
    storage = Map.copyOf(storage);
    more = Map.copyOf(more);
  }

  /** A catalog without a warehouse, storage properties or a token. */
  public static SparkCatalog of(String name, URI uri) {
    return new SparkCatalog(name, uri, Optional.empty(), Map.of(), Optional.empty(), Map.of());
  }

  /** The same catalog with a warehouse. */
  public SparkCatalog withWarehouse(String warehouse) {
    return new SparkCatalog(name, uri, Optional.of(warehouse), storage, token, more);
  }

  /** The same catalog with storage properties of Spark's own. */
  public SparkCatalog withStorage(Map<String, String> storage) {
    return new SparkCatalog(name, uri, warehouse, storage, token, more);
  }

  /** The same catalog with a bearer token. */
  public SparkCatalog withToken(String token) {
    return new SparkCatalog(name, uri, warehouse, storage, Optional.of(token), more);
  }

  /** The same catalog with one more property of the client. */
  public SparkCatalog with(String key, String value) {
    Map<String, String> all = new HashMap<>(more);
    all.put(key, value);
    return new SparkCatalog(name, uri, warehouse, storage, token, all);
  }

  /** The properties that make Spark know it. */
  Map<String, String> conf() {
    Map<String, String> properties = new HashMap<>(ClientRegion.added(storage));
    properties.put("type", "rest");
    properties.put("uri", uri.toString());
    // Spark would keep a loaded table for 30 s, and a test would read what is no longer true.
    properties.put("cache-enabled", "false");
    warehouse.ifPresent(value -> properties.put("warehouse", value));
    token.ifPresent(value -> properties.put("token", value));
    properties.putAll(more);

    String prefix = "spark.sql.catalog." + name;
    Map<String, String> conf = new HashMap<>();
    conf.put(prefix, "org.apache.iceberg.spark.SparkCatalog");
    properties.forEach((key, value) -> conf.put(prefix + "." + key, value));
    return conf;
  }
}
