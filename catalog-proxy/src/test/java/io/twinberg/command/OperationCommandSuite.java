package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.Outcome;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Commands for operations against a real listener; what a replicator would answer is given. */
abstract class OperationCommandSuite {
  record Ran(int exitCode, String out, String err) {}

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final String grant;
  private Database database;
  private ManagementListener listener;
  OperationLog log;
  ReplicaWorld world;
  Replica replica;
  Outcome outcome;

  /** The caller has a grant; operations end with an outcome unless the test says another one. */
  OperationCommandSuite(String grant, Outcome outcome) {
    this.grant = grant;
    this.outcome = outcome;
  }

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    log = new OperationLog(database, clock);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    replica = world.replica(world.table("prod", TableIdentifier.of("sales", "orders")), "eu");
    listener =
        new TestingManagement(database, clock)
            .token("ops", grant)
            .operationWaits(this::answer)
            .start();
  }

  private void answer() {
    log.claim("replicator", Duration.ofMinutes(1))
        .ifPresent(claim -> assertThat(log.finish(claim, outcome)).isTrue());
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  /** The options by which a command finds the listener and is let in. */
  List<String> connection() {
    return List.of("--management", "http://127.0.0.1:" + listener.port(), "--token", "s-ops");
  }

  static Ran run(CommandLine command, List<String> line) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        command
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  static void assertWrong(Ran ran, String message) {
    assertThat(ran.err()).contains(message);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }
}
