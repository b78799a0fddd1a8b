package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command against a real listener; what a replicator would answer is given. */
class DropCommandTest {
  private static final Pattern TOKEN = Pattern.compile("--confirm ([0-9a-f]{32})");

  private record Ran(int exitCode, String out, String err) {
    String token() {
      Matcher token = TOKEN.matcher(err);
      assertThat(token.find()).as(err).isTrue();
      return token.group(1);
    }
  }

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final List<String> questions = new ArrayList<>();
  private Database database;
  private OperationLog log;
  private ManagementListener listener;
  private ReplicaWorld world;
  private Replica replica;
  private Outcome outcome = Outcome.completed("sales.orders at eu dropped", "{\"ok\":true}");

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    log = new OperationLog(database, clock);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    replica = world.replica(world.table("prod", TableIdentifier.of("sales", "orders")), "eu");
    world.replicas().unmatched(replica.id());
    listener =
        new TestingManagement(database, clock)
            .token("ops", "manage:admin")
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

  private Ran run(CommandLine command, String... arguments) {
    List<String> line = new ArrayList<>();
    line.addAll(List.of(arguments));
    line.addAll(List.of("--management", "http://127.0.0.1:" + listener.port()));
    line.addAll(List.of("--token", "s-ops"));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        command
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  /** Nobody sits at the terminal of a test. */
  private Ran drop(String... arguments) {
    List<String> line = new ArrayList<>(List.of("drop"));
    line.addAll(List.of(arguments));
    return run(Main.commandLine(), line.toArray(String[]::new));
  }

  private Ran typing(String answer, String... arguments) {
    TypedLine typed =
        question -> {
          questions.add(question);
          return Optional.of(answer);
        };
    return run(new CommandLine(new DropCommand(typed)), arguments);
  }

  private List<Operation> asked() {
    return log.newest(Optional.empty(), 10);
  }

  @Test
  void withoutATerminal_theTokenIsGivenAndNothingIsDropped() {
    Ran first = drop("prod", "sales.orders", "--to", "eu");

    assertThat(first.exitCode()).isEqualTo(2);
    assertThat(first.out()).isEmpty();
    assertThat(first.err())
        .contains("Dropping sales.orders (unmatched)", replica.folder(), "nothing is dropped");
    assertThat(asked()).isEmpty();

    Ran second = drop("prod", "sales.orders", "--to", "eu", "--confirm", first.token(), "--wait");

    assertThat(second.err()).isEmpty();
    assertThat(second.out()).isEqualTo("sales.orders at eu dropped\n");
    assertThat(second.exitCode()).isZero();
    assertThat(asked())
        .singleElement()
        .satisfies(
            operation ->
                assertThat(((OperationRequest.Drop) operation.request()).replicaId())
                    .isEqualTo(replica.id()));
  }

  @Test
  void name_typedRight_dropsAndLeavesTheOperationsId() {
    Ran ran = typing("sales.orders", "prod", "sales.orders", "--to", "eu");

    assertThat(questions).containsExactly("Type sales.orders to drop it: ");
    assertThat(ran.err()).contains("Dropping sales.orders (unmatched)");
    assertThat(ran.out().strip()).isEqualTo(asked().get(0).id());
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void name_typedWrong_dropsNothing() {
    for (String answer : List.of("", "y", "orders", "sales.order")) {
      Ran ran = typing(answer, "prod", "sales.orders", "--to", "eu");
      assertThat(ran.exitCode()).as(answer).isEqualTo(2);
      assertThat(ran.err()).contains("nothing is dropped: that is not its name");
    }
    assertThat(asked()).isEmpty();
  }

  /** A script must learn that what it has confirmed is not there any more. */
  @Test
  void token_thatIsStale_isRefusedWithoutAQuestion() {
    String token = drop("prod", "sales.orders", "--to", "eu").token();
    world.replicas().sourceDropped(replica.tableId());

    Ran ran = typing("sales.orders", "prod", "sales.orders", "--to", "eu", "--confirm", token);

    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.err()).contains("the replica has changed since", "source-dropped");
    assertThat(questions).isEmpty();
    assertThat(asked()).isEmpty();
  }

  @Test
  void operation_thatFails_exitsWithOneWhenItIsWaitedFor() {
    outcome = Outcome.failed("it is paused: resume it first");
    String token = drop("prod", "sales.orders", "--to", "eu").token();

    Ran waited = drop("prod", "sales.orders", "--to", "eu", "--confirm", token, "--wait");
    Ran json = drop("prod", "sales.orders", "--to", "eu", "--confirm", token, "--wait", "--json");

    assertThat(waited.out()).isEqualTo("it is paused: resume it first\n");
    assertThat(waited.exitCode()).isEqualTo(1);
    assertThat(json.out()).contains("\"kind\":\"drop\"", "\"state\":\"failed\"");
    assertThat(json.exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsWrong_exitsWithTwoAndSaysHowItIsRight() {
    world.replicas().renamed(replica.id(), replica.name());
    assertWrong(drop("prod", "sales.orders", "--to", "eu"), "disable the rule that covers it");
    assertWrong(drop("prod", "sales.nothing", "--to", "eu"), "There is no replica of table");
    assertWrong(drop("prd", "sales.orders", "--to", "eu"), "did you mean 'prod'?");
    assertWrong(drop("prod", "orders", "--to", "eu"), "write namespace.table");
    assertWrong(drop("prod", "sales.orders"), "--to");
    assertThat(asked()).isEmpty();
  }

  private static void assertWrong(Ran ran, String message) {
    assertThat(ran.err()).contains(message);
    assertThat(ran.exitCode()).isEqualTo(2);
    assertThat(ran.out()).isEmpty();
  }
}
