package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.Durations;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the audit. */
@Command(
    name = "audit",
    description =
        "Shows who did what: management actions, applied versions, operations and refused access;"
            + " the newest first. The token needs the grant manage:operator.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  twinberg audit --since 7d --actor ops",
      "  twinberg audit --table sales.orders --destination eu --kind version",
      "  twinberg audit --since 2026-03-01T00:00:00Z --until 2026-04-01T00:00:00Z --ndjson >"
          + " march.ndjson"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:shown",
      "2:the command line or the token is wrong",
      "3:the management API cannot be reached, or the export broke off"
    })
final class AuditCommand implements Callable<Integer> {
  private static final int DEFAULT_LIMIT = 50;

  /** Between the levels of a namespace in a query. */
  private static final String LEVELS = "\u001F";

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(names = "--source", paramLabel = "NAME", description = "Only entries about this source.")
  private @Nullable String source;

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description =
          "Only entries about what is in this namespace, such as sales.eu, and not below it.")
  private @Nullable String namespace;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description =
          "Only entries about this table, such as sales.orders; a dot inside a name is written"
              + " %%2E.")
  private @Nullable String table;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Only entries about this destination.")
  private @Nullable String destination;

  @Option(
      names = "--actor",
      paramLabel = "NAME",
      description = "Only what the token of this name did, or whoever called from this address.")
  private @Nullable String actor;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "Only management, version, operation, access or retention.")
  private @Nullable String kind;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only entries since a time such as 2026-03-01T10:00:00Z, or of the last 7d, 12h.")
  private @Nullable String since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "Only entries before a time, written in the same ways.")
  private @Nullable String until;

  @Option(
      names = "--limit",
      paramLabel = "NUMBER",
      description = "How many are shown at most; " + DEFAULT_LIMIT + " if left out.")
  private @Nullable Integer limit;

  @Option(
      names = "--ndjson",
      description = "Print every entry that matches as a line of JSON, the oldest first.")
  private boolean ndjson;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return api.run(spec.commandLine().getErr(), () -> show(new AuditClient(api.client())));
  }

  private int show(AuditClient client) {
    PrintWriter out = spec.commandLine().getOut();
    if (ndjson) {
      refuseForExport();
      client.export(filter(), line -> write(out, line));
    } else {
      ObjectNode page = client.newest(filter(), limit());
      out.print(api.json() ? page + "\n" : AuditTable.of(page.path("entries")));
    }
    out.flush();
    return 0;
  }

  /** A full disk or a closed pipe must not leave half an export that looks whole. */
  private static void write(PrintWriter out, String line) {
    out.println(line);
    if (out.checkError()) {
      throw new ManagementClient.NotReachedException(
          "the export broke off: its output cannot be written");
    }
  }

  private void refuseForExport() {
    if (limit != null || api.json()) {
      throw new UsageException(
          "--ndjson prints all that matches, so it goes with neither --limit nor --json; narrow it"
              + " by --since and --until");
    }
  }

  private int limit() {
    int number = limit == null ? DEFAULT_LIMIT : limit;
    if (number < 1) {
      throw new UsageException("--limit must be 1 or more, not " + number);
    }
    return number;
  }

  private Map<String, String> filter() {
    Map<String, String> filter = new LinkedHashMap<>();
    put(filter, "source", source);
    put(filter, "destination", destination);
    put(filter, "actor", actor);
    put(filter, "kind", kind);
    if (namespace != null && table != null) {
      throw new UsageException("give --namespace or --table, whose name has its namespace");
    }
    if (namespace != null) {
      filter.put("namespace", String.join(LEVELS, TableName.levels(namespace)));
    }
    if (table != null) {
      TableName name = TableName.parse(table);
      filter.put("namespace", String.join(LEVELS, name.namespace()));
      filter.put("table", name.name());
    }
    put(filter, "since", time("--since", since));
    put(filter, "until", time("--until", until));
    return filter;
  }

  private static void put(Map<String, String> filter, String name, @Nullable String value) {
    if (value != null) {
      filter.put(name, value);
    }
  }

  private static @Nullable String time(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text).toString();
    } catch (DateTimeParseException e) {
      return ago(option, text).toString();
    }
  }

  private static Instant ago(String option, String text) {
    try {
      return Clock.systemUTC().instant().minus(Durations.parse(text));
    } catch (IllegalArgumentException e) {
      throw new UsageException(
          "%s must be a time such as 2026-03-01T10:00:00Z, or a duration before now such as 7d or 12h, not '%s'"
              .formatted(option, text));
    }
  }
}
