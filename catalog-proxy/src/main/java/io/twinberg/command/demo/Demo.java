package io.twinberg.command.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/**
 * The demonstration's acts; each throws a {@link DemoFailedException} when what it shows does not
 * hold.
 */
public final class Demo {
  private static final int COMMITS = 10;
  private static final int ROWS = 1_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(2);
  private static final String BAR = "##############################";

  private final PrintWriter out;
  private final Lags lags = new Lags();

  /** Prints what happens to {@code out}. */
  public Demo(PrintWriter out) {
    this.out = out;
  }

  /** Writes tables through the proxy and waits for each commit at the replica. */
  public void writeAndFollow(String base) throws IOException {
    try (RESTCatalog source = client(base, "main");
        RESTCatalog replica = client(base, "replica")) {
      source.createNamespace(Namespace.of("shop"));
      DemoTables tables = new DemoTables(source);
      Table orders = tables.createOrders();
      Table customers = tables.createCustomers();
      for (int i = 1; i <= COMMITS; i++) {
        if (i == COMMITS / 2) {
          orders.updateSchema().addColumn("channel", Types.StringType.get()).commit();
        }
        tables.appendOrders(orders, i % 3, ROWS);
        arrived("orders", i, orders, replica);
        if (i % 5 == 0) {
          tables.appendCustomers(customers, ROWS / 10);
          arrived("customers", i, customers, replica);
        }
      }
      orders.manageSnapshots().createTag("first", orders.history().get(0).snapshotId()).commit();
    }
    out.printf(
        "%n  lag of %d commits, answered at the source until readable on the replica: p50 %d ms, max %d ms%n%n",
        lags.count(), lags.percentile(0.5).toMillis(), lags.percentile(1).toMillis());
  }

  private void arrived(String table, int number, Table written, RESTCatalog replica) {
    Instant answered = Instant.now();
    long wanted = written.currentSnapshot().snapshotId();
    TableIdentifier name = TableIdentifier.of("shop", table);
    while (!shows(replica, name, wanted)) {
      if (Duration.between(answered, Instant.now()).compareTo(PATIENCE) > 0) {
        throw new DemoFailedException(
            "commit " + number + " of " + table + " did not arrive at the replica");
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
    Duration lag = Duration.between(answered, Instant.now());
    lags.add(lag);
    String bar = BAR.substring(0, BAR.length() * number / COMMITS);
    out.printf(
        "  [%-30s] %-9s commit %2d  readable on the replica after %3d ms%n",
        bar, table, number, lag.toMillis());
    out.flush();
  }

  private static boolean shows(RESTCatalog replica, TableIdentifier name, long snapshotId) {
    try {
      Snapshot current = replica.loadTable(name).currentSnapshot();
      return current != null && current.snapshotId() == snapshotId;
    } catch (NoSuchTableException e) {
      return false;
    }
  }

  /** Reads every snapshot of both tables at a catalog. */
  public Map<String, RowDigest> read(String base, String catalog) {
    Map<String, RowDigest> digests = new LinkedHashMap<>();
    try (RESTCatalog client = client(base, catalog)) {
      for (TableIdentifier name : new TableIdentifier[] {DemoTables.ORDERS, DemoTables.CUSTOMERS}) {
        Table table = client.loadTable(name);
        for (Snapshot snapshot : table.snapshots()) {
          digests.put(
              name + "@" + snapshot.snapshotId() + " seq " + snapshot.sequenceNumber(),
              RowDigest.of(table, snapshot.snapshotId()));
        }
      }
    } catch (IOException e) {
      throw new DemoFailedException("cannot close the client: " + e.getMessage());
    }
    return digests;
  }

  /** Compares what two reads saw, snapshot by snapshot. */
  public void compare(String what, Map<String, RowDigest> source, Map<String, RowDigest> replica) {
    if (source.isEmpty() || !source.equals(replica)) {
      throw new DemoFailedException(
          what + ": the rows differ: source " + source + ", replica " + replica);
    }
    long rows = replica.values().stream().mapToLong(RowDigest::rows).sum();
    out.printf(
        "  %s: %d snapshots with %d rows in all, equal on both sides%n",
        what, replica.size(), rows);
  }

  /** Tries to drop a table at the replica. */
  public void refuseWrites(String base) throws InterruptedException {
    String path = "/catalogs/replica/v1/namespaces/shop/tables/orders";
    try {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(base + path)).DELETE().build(),
                  HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 403) {
        throw new DemoFailedException("the replica answered a DELETE with " + answer.statusCode());
      }
      out.printf("  DELETE %s: 403, replicas are read-only%n", path);
    } catch (IOException e) {
      throw new DemoFailedException("the replica did not answer: " + e.getMessage());
    }
  }

  private static RESTCatalog client(String base, String catalog) {
    RESTCatalog client = new RESTCatalog();
    client.initialize(
        catalog,
        Map.of(
            "uri", base + "/catalogs/" + catalog,
            "io-impl", "io.twinberg.storage.LocalFileIO",
            "rest-metrics-reporting-enabled", "false",
            "rest-table-cache.max-entries", "0"));
    return client;
  }
}
