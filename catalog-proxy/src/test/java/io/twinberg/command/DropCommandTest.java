package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command that drops, against a real listener. */
class DropCommandTest extends OperationCommandSuite {
  private static final Pattern TOKEN = Pattern.compile("--confirm ([0-9a-f]{32})");

  private final List<String> questions = new ArrayList<>();

  DropCommandTest() {
    super("manage:admin", Outcome.completed("sales.orders at eu dropped", "{\"ok\":true}"));
  }

  @BeforeEach
  void uncover() {
    world.replicas().unmatched(replica.id());
  }

  /** Nobody sits at the terminal of a test. */
  private Ran drop(String... arguments) {
    return run(Main.commandLine(), Stream.concat(Stream.of("drop"), line(arguments)).toList());
  }

  private Ran typing(String answer, String... arguments) {
    TypedLine typed =
        question -> {
          questions.add(question);
          return Optional.of(answer);
        };
    return run(new CommandLine(new DropCommand(typed)), line(arguments).toList());
  }

  private Stream<String> line(String... arguments) {
    return Stream.concat(Stream.of(arguments), connection().stream());
  }

  private static String token(Ran ran) {
    Matcher token = TOKEN.matcher(ran.err());
    assertThat(token.find()).as(ran.err()).isTrue();
    return token.group(1);
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

    Ran second = drop("prod", "sales.orders", "--to", "eu", "--confirm", token(first), "--wait");

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
    String token = token(drop("prod", "sales.orders", "--to", "eu"));
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
    String token = token(drop("prod", "sales.orders", "--to", "eu"));

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
}
