package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTable;
import io.twinberg.operation.Claim;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.BufferedReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Commands that show the same again and again; what happens between two looks is a test's. */
class WatchTest {
  private static final String CLEAR = "\u001b[H\u001b[2J";
  private static final String GREEN = "\u001b[32m";
  private static final String RED = "\u001b[31m";
  private static final String YELLOW = "\u001b[33m";

  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final Deque<Runnable> between = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private Database database;
  private ReplicaWorld world;
  private OperationLog log;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    log = new OperationLog(database, clock);
    listener = new TestingManagement(database, clock).token("ops", "manage:operator").start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  /** Looks once more after each of the steps. */
  private boolean pause(Duration duration) {
    pauses.add(duration);
    boolean goOn = !between.isEmpty();
    if (goOn) {
      between.pop().run();
    }
    return goOn;
  }

  private Ran run(boolean terminal, String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    line.addAll(List.of("--management", "http://127.0.0.1:" + listener.port(), "--token", "s-ops"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine(new Terminal(terminal, terminal, this::pause))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  private SourceTable behind(String name) {
    SourceTable table = world.table("prod", TableIdentifier.of("sales", name));
    world.replica(table, "eu");
    world.commit(table);
    return table;
  }

  @Test
  void status_onATerminal_isRedrawnInColour() {
    behind("orders");
    between.add(() -> behind("returns"));

    Ran ran = run(true, "status", "--watch");

    String[] looks = ran.out().split(java.util.regex.Pattern.quote(CLEAR), -1);
    assertThat(looks).hasSize(3);
    assertThat(looks[0]).isEmpty();
    assertThat(looks[1])
        .isEqualTo(
            """
            TABLE         SOURCE  DESTINATION  STATE    LAG            LAST APPLIED  ERROR
            sales.orders  prod    eu           %spending\u001b[0m  1 version, 0s  -             -

            1 replica: 1 pending
            """
                .formatted(YELLOW));
    assertThat(looks[2]).contains("sales.returns", "2 replicas: 2 pending");
    assertThat(pauses).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(2));
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void status_elsewhere_isPrintedAgainOnlyWhenItHasChanged() {
    behind("orders");
    between.add(() -> {});
    between.add(() -> clock.step(Duration.ofSeconds(7)));

    Ran ran = run(false, "status", "--watch=5", "sales.orders");

    assertThat(ran.out().lines().filter(line -> line.startsWith("sales.orders")))
        .containsExactly(
            "sales.orders  prod    eu           pending  1 version, 0s  -             -",
            "sales.orders  prod    eu           pending  1 version, 7s  -             -");
    assertThat(ran.out()).doesNotContain("\u001b");
    assertThat(pauses).hasSize(3).containsOnly(Duration.ofSeconds(5));
  }

  @Test
  void status_asJson_isADocumentALineAtEveryLook() throws Exception {
    behind("orders");
    between.add(() -> {});

    Ran ran = run(true, "status", "--watch", "--json");

    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(2);
    for (String line : lines) {
      assertThat(new ObjectMapper().readTree(line).path("replicas")).hasSize(1);
    }
  }

  @Test
  void status_onceOnATerminal_isColouredAndNotCleared() {
    behind("orders");
    Ran ran = run(true, "status");
    assertThat(ran.out()).contains(YELLOW + "pending").doesNotContain(CLEAR);
    assertThat(pauses).isEmpty();
  }

  @Test
  void operation_isWatchedToItsEnd() {
    Operation operation = log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "ops");
    Claim claim = log.claim("r", Duration.ofMinutes(1)).orElseThrow();
    between.add(() -> log.renew(claim, Duration.ofMinutes(1), "replica 1 of 2"));
    between.add(() -> {});
    between.add(() -> log.finish(claim, Outcome.failed("no way")));
    between.add(() -> {});

    Ran ran = run(false, "operations", "--watch", operation.id());

    assertThat(
            ran.out()
                .lines()
                .filter(line -> line.startsWith(operation.id()))
                .map(line -> line.replaceAll(".* ops +", "")))
        .containsExactly("-", "replica 1 of 2", "no way");
    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(between).as("it has ended: there is no further look").hasSize(1);
  }

  @Test
  void operation_thatWentWell_exitsWithZero() {
    Operation operation = log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "ops");
    Claim claim = log.claim("r", Duration.ofMinutes(1)).orElseThrow();
    between.add(() -> log.finish(claim, Outcome.completed("done", "{\"ok\":true}")));

    Ran ran = run(true, "operations", operation.id(), "--watch");

    assertThat(ran.out()).contains(YELLOW + "running", CLEAR, GREEN + "completed");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void operations_areWatchedAsAList() {
    between.add(() -> log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "ops"));
    Ran ran = run(false, "operations", "--watch=1");
    assertThat(ran.out()).startsWith("no operations\nID ");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void command_thatWaits_tellsOnOneLineOfATerminalHowFarItIs() {
    between.add(
        () -> {
          Claim claim = log.claim("r", Duration.ofMinutes(1)).orElseThrow();
          log.renew(claim, Duration.ofMinutes(1), "replica 1 of 2");
          between.add(() -> log.finish(claim, Outcome.completed("done", "{\"ok\":true}")));
        });

    Ran ran = run(true, "retry", "--all");

    assertThat(ran.err().split("\r", -1))
        .extracting(String::strip)
        .containsExactly("", "requested", "replica 1 of 2", "", "");
    assertThat(ran.out()).isEqualTo("done\n");
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void palette_ofStates_colorsThemAndNothingElse() {
    Palette palette = new Palette(true);
    assertThat(palette.state("completed (paused)")).startsWith(GREEN).endsWith("\u001b[0m");
    assertThat(palette.state("failed")).startsWith(RED);
    assertThat(palette.state("unknown")).startsWith("\u001b[2m");
    assertThat(palette.state("STATE")).isEqualTo("STATE");
    assertThat(Palette.NONE.state("failed")).isEqualTo("failed");
  }

  @Test
  void seconds_thatAreNone_exitWithTwo() {
    assertThat(run(false, "status", "--watch=0"))
        .isEqualTo(new Ran(2, "", "--watch takes 1 to 3600 seconds, not 0\n"));
    assertThat(run(false, "status", "--watch=soon").exitCode()).isEqualTo(2);
  }

  /** The shell that starts tests in the background may have them ignore the signal. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void interrupted_byCtrlC_exitsWith130() throws Exception {
    Process process =
        new ProcessBuilder(
                "env",
                "--default-signal=INT",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.twinberg.command.Main",
                "status",
                "--watch=3600",
                "--management",
                "http://127.0.0.1:" + listener.port(),
                "--token",
                "s-ops")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader shown = process.inputReader(StandardCharsets.UTF_8)) {
      // Whatever a log says before it.
      assertThat(shown.lines().anyMatch("0 replicas"::equals)).isTrue();

      assertThat(
              new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor())
          .isZero();

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(130);
    } finally {
      process.destroyForcibly();
    }
  }
}
