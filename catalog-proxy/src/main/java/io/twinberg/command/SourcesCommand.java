package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Sums up each source: its tables, how long ago they were checked, what is still open, and how soon
 * its versions were readable.
 */
@Command(
    name = "sources",
    description = {
      "Sums up each source: its tables, how long ago the one was checked that has waited longest,"
          + " and commits that are not in the log yet."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {"  twinberg sources", "  twinberg sources --json"},
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:they were shown",
      "2:the command line or the token is wrong",
      "3:the management API cannot be reached"
    })
final class SourcesCommand implements Callable<Integer> {
  private static final List<String> TITLES =
      List.of(
          "SOURCE",
          "KIND",
          "TABLES",
          "NEVER CHECKED",
          "OLDEST CHECK",
          "OPEN COMMITS",
          "FAILED",
          "LAG",
          PublishedText.P50,
          PublishedText.P99,
          PublishedText.MET);

  @Mixin private ManagementOption api = new ManagementOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ObjectNode answer = api.client().get(ManagementClient.API + "/sources");
          PrintWriter out = spec.commandLine().getOut();
          out.print(api.json() ? answer + "\n" : table(answer.path("sources")));
          out.flush();
          return 0;
        });
  }

  private static String table(JsonNode sources) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    sources.forEach(source -> rows.add(row(source)));
    return TextTable.aligned(rows);
  }

  private static List<String> row(JsonNode source) {
    JsonNode age = source.path("sweepAge");
    JsonNode published = source.path("published");
    return List.of(
        TextTable.plain(source.path("name").asText()),
        TextTable.plain(source.path("kind").asText()),
        Long.toString(source.path("tables").asLong()),
        Long.toString(source.path("uncheckedTables").asLong()),
        age.isNumber() ? String.format(Locale.ROOT, "%.0fs ago", age.asDouble()) : "-",
        Long.toString(source.path("openIntents").asLong()),
        Long.toString(source.path("counts").path("failed").asLong()),
        PublishedText.seconds(source.path("lag").path("seconds")),
        PublishedText.p50(published),
        PublishedText.p99(published),
        PublishedText.met(published));
  }
}
