package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Sums up each destination: its replicas, their lag, and how soon versions were readable. */
@Command(
    name = "destinations",
    description = {
      "Sums up each destination: its replicas, their lag now, and what versions took from their"
          + " commit on."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {"  twinberg destinations", "  twinberg destinations --json"},
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:no destination is beyond its lag-objective",
      "1:a destination is beyond its lag-objective",
      "2:the command line or the token is wrong",
      "3:the management API cannot be reached"
    })
final class DestinationsCommand implements Callable<Integer> {
  private static final List<String> TITLES =
      List.of(
          "DESTINATION",
          "REPLICAS",
          "FAILED",
          "LAG",
          PublishedText.P50,
          PublishedText.P99,
          "OBJECTIVE",
          PublishedText.MET);
  private static final int BEYOND = 1;

  @Mixin private ManagementOption api = new ManagementOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ObjectNode answer = api.client().get(ManagementClient.API + "/destinations");
          PrintWriter out = spec.commandLine().getOut();
          out.print(api.json() ? answer + "\n" : table(answer.path("destinations")));
          out.flush();
          return beyond(answer) ? BEYOND : 0;
        });
  }

  private static String table(JsonNode destinations) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    destinations.forEach(destination -> rows.add(row(destination)));
    return TextTable.aligned(rows);
  }

  private static List<String> row(JsonNode destination) {
    long replicas = 0;
    for (JsonNode count : destination.path("counts")) {
      replicas += count.asLong();
    }
    JsonNode published = destination.path("published");
    return List.of(
        TextTable.plain(destination.path("name").asText()),
        Long.toString(replicas),
        Long.toString(destination.path("counts").path("failed").asLong()),
        PublishedText.seconds(destination.path("lag").path("seconds")),
        PublishedText.p50(published),
        PublishedText.p99(published),
        PublishedText.seconds(destination.path("lagObjective").path("seconds")),
        PublishedText.met(published));
  }

  private static boolean beyond(ObjectNode answer) {
    for (JsonNode destination : answer.path("destinations")) {
      if (destination.path("lagObjective").path("beyondNow").asBoolean()) {
        return true;
      }
    }
    return false;
  }
}
