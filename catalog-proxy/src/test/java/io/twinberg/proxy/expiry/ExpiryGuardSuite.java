package io.twinberg.proxy.expiry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.TestProxy;
import io.twinberg.replica.ExpiryHolds;
import io.twinberg.replica.Replica;
import io.twinberg.testing.SteppedClock;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A proxy in front of a source whose rules hold the expiry of snapshots. */
abstract class ExpiryGuardSuite {
  static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  static final String ORDERS_PATH = "/v1/prod/namespaces/sales/tables/orders";
  static final Duration HOLD = Duration.ofMinutes(15);

  @TempDir Path folder;

  final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-04T05:06:07Z"));
  final Map<TableIdentifier, HoldRule> rules =
      new HashMap<>(Map.of(ORDERS, new HoldRule(List.of("eu"), HOLD)));
  final FakeUpstream upstream = new FakeUpstream();
  final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  TestProxy proxy;
  LoggedTables log;
  SourceTable orders;
  Replica replica;

  /** A table with snapshots 1 and 2, both applied. */
  void start(OnLogFailure onLogFailure) {
    startProxy(onLogFailure);
    orders = log.table(ORDERS);
    replica = log.replica(orders, "eu");
    log.commit(orders, 1, 2);
    log.apply(orders, replica);
    logged.start();
    logger().addAppender(logged);
  }

  /** Another process goes on with the database. */
  void restart(OnLogFailure onLogFailure) {
    proxy.close();
    startProxy(onLogFailure);
  }

  private void startProxy(OnLogFailure onLogFailure) {
    proxy =
        new TestProxy(
            folder,
            upstream.uri(),
            onLogFailure,
            (settings, database, registry) -> {
              log = new LoggedTables(database, clock);
              return new ExpiryGuard(
                  settings,
                  table -> Optional.ofNullable(rules.get(table)),
                  log.unapplied(),
                  new ExpiryHolds(settings.source(), database, clock),
                  registry,
                  clock);
            });
  }

  static Logger logger() {
    return (Logger) LoggerFactory.getLogger(ExpiryGuard.class);
  }

  @AfterEach
  void stop() {
    logger().detachAppender(logged);
    proxy.close();
    upstream.close();
  }

  static String removing(String ids) {
    return "{\"requirements\":[],\"updates\":[{\"action\":\"set-properties\",\"updates\":{}},"
        + "{\"action\":\"remove-snapshots\",\"snapshot-ids\":["
        + ids
        + "]}]}";
  }

  HttpResponse<String> remove(String ids) throws Exception {
    return proxy.send("POST", ORDERS_PATH, removing(ids));
  }

  double refused() {
    return proxy.counted("expiry.guard.refused", "source", "prod", "destination", "eu");
  }

  double released() {
    return proxy.counted("expiry.guard.released", "source", "prod", "destination", "eu");
  }
}
