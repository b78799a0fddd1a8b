package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows the rules of a running server; its subcommands change them. */
@Command(
    name = "rules",
    description = {
      "Lists which tables go to which destinations: the rules of the file, and beside them those of the API.",
      "The narrowest rule replaces wider ones whole, also when it is disabled."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      RulesCommand.ListRules.class,
      RuleShowCommand.class,
      RulePutCommand.class,
      RuleDeleteCommand.class,
      RuleSwitchCommand.Enable.class,
      RuleSwitchCommand.Disable.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  twinberg rules --source prod",
      "  twinberg rules put --source prod --destination eu",
      "  twinberg rules put --source prod --namespace sales --table orders --destination eu --dry-run",
      "  twinberg rules disable --source prod --namespace sales"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:done",
      "2:the command line, a name or the token is wrong, or the rule is not what it was taken for",
      "3:the management API cannot be reached"
    })
final class RulesCommand implements Callable<Integer> {
  private static final List<String> TITLES =
      List.of("SOURCE", "NAMESPACE", "TABLE", "DESTINATIONS", "STATUS", "ORIGIN", "ETAG");
  private static final String NONE = "-";

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(names = "--source", paramLabel = "NAME", description = "Only rules of this source.")
  private @Nullable String source;

  @Spec private CommandSpec spec;

  /** The same under a name of its own. */
  @Command(
      name = "list",
      description = "Lists the rules; 'twinberg rules' does the same.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = {"  twinberg rules list --source prod --json"})
  static final class ListRules implements Callable<Integer> {
    @ParentCommand private RulesCommand rules = new RulesCommand();

    @Option(names = "--source", paramLabel = "NAME", description = "Only rules of this source.")
    private @Nullable String source;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
      return list(rules.api, source, spec);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    return list(api, source, spec);
  }

  /** Options that may stand before or behind the name of a subcommand. */
  ManagementOption api() {
    return api;
  }

  private static int list(ManagementOption api, @Nullable String source, CommandSpec spec)
      throws InterruptedException {
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ObjectNode answer = all(api.client(), source);
          PrintWriter out = spec.commandLine().getOut();
          out.print(api.json() ? answer + "\n" : table(answer.path("rules")));
          out.flush();
          return 0;
        });
  }

  /** The first page as it came, with the rules of all further pages put into it. */
  private static ObjectNode all(ManagementClient client, @Nullable String source) {
    String path =
        ManagementClient.API
            + "/rules?pageSize=1000"
            + (source == null ? "" : parameter("source", source));
    ObjectNode whole = client.get(path);
    ArrayNode rules = whole.withArray("rules");
    JsonNode next = whole.path("nextPageToken");
    while (next.isTextual()) {
      ObjectNode page = client.get(path + parameter("pageToken", next.asText()));
      page.withArray("rules").forEach(rules::add);
      next = page.path("nextPageToken");
    }
    return whole.putNull("nextPageToken");
  }

  private static String parameter(String name, String value) {
    return "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  static String table(Iterable<? extends JsonNode> rules) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(TITLES);
    rules.forEach(rule -> rows.add(row(rule)));
    return rows.size() == 1 ? "no rules\n" : TextTable.aligned(rows);
  }

  private static List<String> row(JsonNode rule) {
    return List.of(
        text(rule.path("source")),
        rule.path("namespace").isArray() ? joined(rule.path("namespace"), ".") : "*",
        rule.path("table").isTextual() ? text(rule.path("table")) : "*",
        rule.path("rule").path("destinations").isEmpty()
            ? NONE
            : joined(rule.path("rule").path("destinations"), ", "),
        status(rule),
        rule.path("definedIn").isTextual() ? text(rule.path("definedIn")) : "api",
        text(rule.path("etag")));
  }

  private static String status(JsonNode rule) {
    if (rule.path("problem").isTextual()) {
      return text(rule.path("problem"));
    }
    return rule.path("shadowed").asBoolean()
        ? "shadowed by the file"
        : text(rule.path("rule").path("status"));
  }

  private static String joined(JsonNode words, String separator) {
    return StreamSupport.stream(words.spliterator(), false)
        .map(RulesCommand::text)
        .collect(Collectors.joining(separator));
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? TextTable.plain(value.asText()) : NONE;
  }
}
