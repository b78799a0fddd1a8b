package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows operations. */
@Command(
    name = "operations",
    description = "Shows the newest operations, or all of one; 'cancel' calls one off.",
    mixinStandardHelpOptions = true,
    subcommands = CancelCommand.class,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg operations --last 5",
      "  twinberg operations 0b6c6c1e-8a55-4f9e-9c38-0f3c0b0e7a11",
      "  twinberg operations --watch 0b6c6c1e-8a55-4f9e-9c38-0f3c0b0e7a11",
      "  twinberg operations cancel 0b6c6c1e-8a55-4f9e-9c38-0f3c0b0e7a11"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:shown",
      "1:the one that was asked for did not come to a good end",
      "2:the command line, an id or the token is wrong",
      "3:the management API cannot be reached"
    })
final class OperationsCommand implements Callable<Integer> {
  private static final List<String> TITLES =
      List.of("ID", "KIND", "TARGET", "STATE", "REQUESTED", "BY", "WHAT CAME OF IT");
  private static final int STATE = TITLES.indexOf("STATE");
  private static final int NOT_GOOD = 1;

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(
      names = "--last",
      paramLabel = "NUMBER",
      defaultValue = "20",
      description = "How many are shown, at most 1000; ${DEFAULT-VALUE} if left out.")
  private int last = 20;

  @Mixin private WatchOption watch = new WatchOption();

  @Parameters(arity = "0..1", paramLabel = "ID", description = "The operation to show.")
  private @Nullable String id;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    OperationClient client = new OperationClient(api.client());
    return api.run(
        spec.commandLine().getErr(),
        () -> watch.run(spec, api.json(), () -> id == null ? list(client) : one(client.find(id))));
  }

  ManagementOption api() {
    return api;
  }

  private WatchOption.Look list(OperationClient client) {
    ObjectNode answer = client.newest(last);
    String text = api.json() ? answer + "\n" : table(answer.path("operations"));
    return new WatchOption.Look(text, false, 0);
  }

  private WatchOption.Look one(ObjectNode operation) {
    boolean finished = OperationClient.isFinished(operation);
    return new WatchOption.Look(
        api.json() ? operation + "\n" : text(operation),
        finished,
        finished && !OperationClient.isGood(operation) ? NOT_GOOD : 0);
  }

  private String text(ObjectNode operation) {
    return table(List.of(operation)) + details(operation);
  }

  private static String details(ObjectNode operation) {
    if (!operation.path("result").isObject()) {
      return "";
    }
    return switch (operation.path("kind").asText()) {
      case "verify" -> "\n" + VerifyText.of(operation);
      case "plan" -> "\n" + PlanText.of(operation);
      default -> "";
    };
  }

  private String table(Iterable<? extends JsonNode> operations) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    operations.forEach(operation -> rows.add(row(operation)));
    return rows.size() == 1
        ? "no operations\n"
        : TextTable.aligned(rows, STATE, Main.terminal(spec).palette());
  }

  private static List<String> row(JsonNode operation) {
    return List.of(
        operation.path("id").asText(),
        operation.path("kind").asText(),
        TextTable.plain(target(operation.path("target"))),
        operation.path("state").asText(),
        operation.path("requestedAt").asText(),
        TextTable.plain(operation.path("requestedBy").asText()),
        TextTable.plain(outcome(operation)));
  }

  private static String target(JsonNode target) {
    String table = target.path("namespace").isArray() ? TextTable.name(target) : "all";
    String source =
        target.path("source").isTextual() ? " of " + target.path("source").asText() : "";
    String destination =
        target.path("destination").isTextual() ? " at " + target.path("destination").asText() : "";
    return table + source + destination;
  }

  private static String outcome(JsonNode operation) {
    String progress = operation.path("progress").asText("-");
    return operation.path("summary").asText(progress);
  }
}
