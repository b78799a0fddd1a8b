package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows how replicas stand. */
@Command(
    name = "status",
    description = {"Shows how replicas stand, as the management API of a running server tells it."},
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:no replica shown has failed",
      "1:a replica shown has failed",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class StatusCommand implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG = 2;
  private static final int NOT_REACHED = 3;

  @Option(
      names = "--management",
      paramLabel = "URI",
      defaultValue = "http://127.0.0.1:8182",
      description = "Where the management API is; ${DEFAULT-VALUE} if left out.")
  private URI management = URI.create("http://127.0.0.1:8182");

  @Option(
      names = "--token",
      paramLabel = "TOKEN",
      defaultValue = "${env:TWINBERG_TOKEN}",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description =
          "A token with the grant manage:viewer; if left out, the environment's TWINBERG_TOKEN.")
  private @Nullable String token;

  @Option(names = "--json", description = "Print the API's JSON.")
  private boolean json;

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

  @Parameters(
      arity = "0..1",
      paramLabel = "TABLE",
      description =
          "Only replicas of this table, such as sales.orders; a dot inside a name is written %%2E.")
  private @Nullable String table;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    StatusClient client = new StatusClient(management, Optional.ofNullable(token));
    StatusClient.Filter filter =
        new StatusClient.Filter(
            Optional.ofNullable(source),
            Optional.ofNullable(destination),
            Optional.ofNullable(state));
    try {
      ObjectNode answer = table == null ? client.all(filter) : client.table(table, filter);
      print(answer);
      return anyFailed(answer) ? FAILED : 0;
    } catch (StatusClient.NotReachedException e) {
      return report(e, NOT_REACHED);
    } catch (UsageException e) {
      return report(e, WRONG);
    }
  }

  private int report(RuntimeException problem, int exitCode) {
    PrintWriter err = spec.commandLine().getErr();
    err.println(problem.getMessage());
    err.flush();
    return exitCode;
  }

  private void print(ObjectNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(json ? answer + "\n" : StatusTable.of(answer.path("replicas")));
    out.flush();
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
