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
 */
public record SparkCatalog(
    String name,
    URI uri,
    Optional<String> warehouse,
    Map<String, String> storage,
    Optional<String> token) {

  /** Checks the name and copies the storage properties. */
  public SparkCatalog {
    if (!name.matches("[a-z][a-z0-9_]*")) {
      throw new IllegalArgumentException("Not a catalog name that SQL takes unquoted: " + name);
    }
    storage = Map.copyOf(storage);
  }

  /** A catalog without a warehouse, storage properties or a token. */
  public static SparkCatalog of(String name, URI uri) {
    return new SparkCatalog(name, uri, Optional.empty(), Map.of(), Optional.empty());
  }

  /** The same catalog with a warehouse. */
  public SparkCatalog withWarehouse(String warehouse) {
    return new SparkCatalog(name, uri, Optional.of(warehouse), storage, token);
  }

  /** The same catalog with storage properties of Spark's own. */
  public SparkCatalog withStorage(Map<String, String> storage) {
    return new SparkCatalog(name, uri, warehouse, storage, token);
  }

  /** The same catalog with a bearer token. */
  public SparkCatalog withToken(String token) {
    return new SparkCatalog(name, uri, warehouse, storage, Optional.of(token));
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

    String prefix = "spark.sql.catalog." + name;
    Map<String, String> conf = new HashMap<>();
    conf.put(prefix, "org.apache.iceberg.spark.SparkCatalog");
    properties.forEach((key, value) -> conf.put(prefix + "." + key, value));
    return conf;
  }
}
