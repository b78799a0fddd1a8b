package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how replicas stand. */
@Command(
    name = "status",
    description = {"Shows how replicas stand, as the management API of a running server tells it."},
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg status --state failed",
      "  twinberg status sales.orders",
      "  twinberg status --destination eu --sort lag --desc",
      "  twinberg status --destination eu --json",
      "  twinberg status --watch --state copying"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:no replica shown has failed",
      "1:a replica shown has failed",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class StatusCommand implements Callable<Integer> {
  private static final int FAILED = 1;

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(names = "--source", paramLabel = "NAME", description = "Only replicas of this source.")
  private @Nullable String source;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Only replicas at this destination.")
  private @Nullable String destination;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only replicas that are pending, copying, completed, failed or unknown.")
  private @Nullable String state;

  @Mixin private StatusListOption list = new StatusListOption();

  @Mixin private WatchOption watch = new WatchOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description =
          "Only replicas of this table, such as sales.orders; a dot inside a name is written %%2E.")
  private @Nullable String table;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    StatusClient client = new StatusClient(api.client());
    StatusClient.Filter filter =
        new StatusClient.Filter(
            Optional.ofNullable(source),
            Optional.ofNullable(destination),
            Optional.ofNullable(state),
            list.parameters(),
            list.order());
    return api.run(
        spec.commandLine().getErr(), () -> watch.run(spec, api.json(), () -> look(client, filter)));
  }

  private WatchOption.Look look(StatusClient client, StatusClient.Filter filter) {
    ObjectNode answer = table == null ? client.all(filter) : client.table(table, filter);
    String text =
        api.json()
            ? answer + "\n"
            : StatusTable.of(answer.path("replicas"), Main.terminal(spec).palette());
    return new WatchOption.Look(text, false, anyFailed(answer) ? FAILED : 0);
  }

  private static boolean anyFailed(ObjectNode answer) {
    for (JsonNode replica : answer.path("replicas")) {
      if (replica.path("state").asText().equals("failed")) {
        return true;
      }
    }
    return false;
  }
}
