package io.twinberg.it;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.Databases;
import io.twinberg.testing.S3Server;
import java.net.URI;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/** A server of this process, and a second look into its database. */
public final class RunningTwinberg implements AutoCloseable {
  private final TwinbergServer server;
  private final Database database;

  private RunningTwinberg(TwinbergServer server, Database database) {
    this.server = server;
    this.database = database;
  }

  public static RunningTwinberg start(Setup setup) {
    TwinbergConfig config = setup.config();
    TwinbergServer server = TwinbergServer.start(config, EnumSet.allOf(Role.class));
    return new RunningTwinberg(server, database(config));
  }

  private static Database database(TwinbergConfig config) {
    return config
        .database()
        .map(shared -> Databases.postgres(shared.url()))
        .orElseGet(() -> Database.embedded(config.dataDir()));
  }

  /** The second look, for queries. */
  public Database database() {
    return database;
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.port());
  }

  /** Where its management API is. */
  public URI management() {
    return URI.create("http://127.0.0.1:" + server.managementPort());
  }

  public URI catalog(String name) {
    return URI.create(base() + "/catalogs/" + name);
  }

  public RestReads reads(String catalog) {
    return new RestReads(catalog(catalog));
  }

  /** The source for Spark, which brings the keys of the source's store itself. */
  public SparkCatalog source(S3Server store) {
    return SparkCatalog.of(Setup.SOURCE, catalog(Setup.SOURCE)).withStorage(store.properties());
  }

  /** The replicas for Spark, which gets its keys from the answers. */
  public SparkCatalog replicas() {
    return SparkCatalog.of(Setup.DESTINATION, catalog(Setup.DESTINATION));
  }

  public Optional<Replica> replica(String namespace, String table) {
    return new Replicas(database, Clock.systemUTC())
        .byName(Setup.DESTINATION, TableIdentifier.of(namespace, table));
  }

  public Optional<ReplicaFailure> failure(String namespace, String table) {
    return replica(namespace, table).flatMap(Replica::failure);
  }

  /** All rows of a table of the database. */
  public List<Map<String, Object>> rows(String table) {
    return database
        .jdbi()
        .withHandle(handle -> handle.createQuery("select * from " + table).mapToMap().list());
  }

  @Override
  public void close() {
    server.close();
    database.close();
  }
}
