package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.twinberg.database.Database;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.FreePort;
import io.twinberg.testing.Databases;
import io.twinberg.testing.Fault;
import io.twinberg.testing.FaultPlan;
import io.twinberg.testing.FaultRule;
import io.twinberg.testing.FaultyS3;
import io.twinberg.testing.FaultyUpstream;
import io.twinberg.testing.PostgresServer;
import io.twinberg.testing.S3Requests.Kind;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamPlan;
import io.twinberg.testing.UpstreamRule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process gets SIGTERM while a commit hangs at its source and a copy hangs at its destination,
 * which another process on the same database reaches.
 */
class StopIT {
  private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
  private static final int SIGTERM_STATUS = 128 + 15;

  /** The promised ten seconds and what a busy machine adds, far from what hangs for minutes. */
  private static final Duration ENDS_WITHIN = Duration.ofMinutes(1);

  private static final String HELD = "select count(*) from lease where owner = '%s'";
  private static final Duration LONG = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void sigterm_amidAHangingForwardAndAHangingCopy_endsInTimeAndAnotherProcessGoesOn()
      throws IOException {
    String shared = PostgresServer.running().createDatabase();
    FaultPlan store = new FaultPlan(1);
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog catalog = fixture(stores);
        FaultyUpstream upstream = new FaultyUpstream(catalog.uri(), new UpstreamPlan(1));
        FaultyS3 source = FaultyS3.before(stores.source(), new FaultPlan(1));
        FaultyS3 destination = FaultyS3.before(stores.destination(), store);
        Database database = Databases.postgres(shared)) {
      Setup past = Setup.upstream(folder, stores, catalog.uri()).on(shared);
      Setup setup =
          Setup.upstream(folder, stores, upstream.uri())
              .sourceWith("forward-timeout: 5m")
              .onWires(stores, source, destination, Duration.ofMinutes(5))
              .on(shared);
      try (TwinbergProcess stopped = serve(setup, "stopped");
          RESTCatalog client = client(stopped, stores)) {
        String id = onlyProcess(database);
        client.createNamespace(Namespace.of("shop"));
        Table orders = client.createTable(ORDERS, SCHEMA);
        CatalogClient.append(orders);
        awaitApplied(database);

        store.add(FaultRule.of(Fault.STALL).on(Kind.PUT, Kind.COPY, Kind.START_UPLOAD));
        CatalogClient.append(orders);
        await("a copy that hangs").atMost(LONG).until(() -> store.met(Fault.STALL) > 0);
        upstream
            .plan()
            .add(UpstreamRule.of(UpstreamFault.after(Reply.HANG)).on("POST", "/tables/orders$"));
        CompletableFuture<Throwable> told =
            CompletableFuture.supplyAsync(() -> catchThrowable(() -> CatalogClient.append(orders)));
        assertThat(count(database, HELD.formatted(id))).as("leases").isPositive();
        await("a forward that hangs").atMost(LONG).until(() -> upstream.plan().met().size() == 1);

        try (TwinbergProcess other = serve(past, "other")) {
          stopped.terminate();
          assertThat(stopped.endsWithin(ENDS_WITHIN)).as("it has ended").isTrue();
          assertThat(stopped.exitStatus()).isEqualTo(SIGTERM_STATUS);
          assertThat(count(database, HELD.formatted(id))).as("leases that it still has").isZero();
          assertThat(count(database, "select count(*) from intent where state = 'PENDING'"))
              .as("commits of which nothing is written down")
              .isZero();
          assertThat(told.join()).isInstanceOf(CommitStateUnknownException.class);

          awaitApplied(database);
          Optional<TableHistory> committed = other.source().history("shop", "orders");
          assertThat(committed.orElseThrow().snapshots()).hasSize(3);
          assertThat(other.replicas(Setup.DESTINATION).history("shop", "orders"))
              .isEqualTo(committed);
        }
      }
    }
  }

  private FixtureCatalog fixture(StorePair stores) {
    return FixtureCatalog.start(
        FixtureSettings.onS3(
            folder.resolve("upstream"), StorePair.WAREHOUSE, stores.source().properties()));
  }

  private static TwinbergProcess serve(Setup setup, String name) throws IOException {
    int port = FreePort.find();
    Path own = Files.createDirectory(setup.folder().resolve(name));
    return TwinbergProcess.serve(
        own,
        setup.in(own).file(port),
        URI.create("http://127.0.0.1:" + port),
        TwinbergProcess.SHORT_LIFE);
  }

  private static RESTCatalog client(TwinbergProcess twinberg, StorePair stores) {
    return CatalogClient.of(
        twinberg.catalog(Setup.SOURCE), Map.copyOf(stores.source().properties()));
  }

  /** Every commit is in the log, and the replica shows it. */
  private static void awaitApplied(Database database) {
    await("the replica")
        .atMost(LONG)
        .until(
            () ->
                count(database, "select count(*) from intent where state <> 'LOGGED'") == 0
                    && count(
                            database,
                            """
                            select count(*) from replica r join source_table t on t.id = r.table_id
                            where r.position = t.head_position
                            """)
                        == 1);
  }

  private static String onlyProcess(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select id from process").mapTo(String.class).one());
  }

  private static long count(Database database, String sql) {
    return database.jdbi().withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
