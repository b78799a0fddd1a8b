package io.twinberg.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has it counted what a rule would copy. */
@Command(
    name = "plan",
    description = {
      "Says what would be copied, and copies nothing: tables, files and bytes, and how much of it is there already.",
      "By the rules as they are, or with --to or --rule as if a rule for just this source, namespace or table were put."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg plan --source prod",
      "  twinberg plan --source prod --namespace sales --to eu",
      "  twinberg plan --source prod --table sales.orders --rule rule.yaml"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:everything was counted",
      "1:a table could not be listed, read or replicated, or the operation failed or was cancelled",
      "2:the command line, a name, the rule or the token is wrong",
      "3:the management API cannot be reached"
    })
final class PlanCommand implements Callable<Integer> {
  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source; alone, all its tables.")
  private String source = "";

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description =
          "A namespace with all below it, such as sales.eu; a dot inside a name is written %%2E.")
  private @Nullable String namespace;

  @Option(names = "--table", paramLabel = "TABLE", description = "A table, such as sales.orders.")
  private @Nullable String table;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Only what goes to this destination.")
  private @Nullable String destination;

  @Option(
      names = "--to",
      paramLabel = "NAME",
      description = "As if a rule sent it to this destination; may be given several times.")
  private List<String> to = new ArrayList<>();

  @Option(
      names = "--rule",
      paramLabel = "FILE",
      description = "As if the rule in this file held, in YAML or JSON as for 'rules put --file'.")
  private @Nullable Path rule;

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.request(body()), PlanText::of);
  }

  private ObjectNode body() {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("kind", "plan").put("source", source);
    if (namespace != null && table != null) {
      throw new UsageException("give --namespace or --table, whose name has its namespace");
    }
    if (namespace != null) {
      TableName.levels(namespace).forEach(body.putArray("namespace")::add);
    }
    if (table != null) {
      TableName name = TableName.parse(table);
      name.namespace().forEach(body.putArray("namespace")::add);
      body.put("table", name.name());
    }
    if (destination != null) {
      body.put("destination", destination);
    }
    rule().ifPresent(keys -> body.set("rule", keys));
    return body;
  }

  private Optional<ObjectNode> rule() {
    if (rule != null && !to.isEmpty()) {
      throw new UsageException("give the rule with --to or with --rule");
    }
    if (rule != null) {
      return Optional.of(RuleFile.read(rule));
    }
    ObjectNode keys = JsonNodeFactory.instance.objectNode();
    to.forEach(keys.putArray("destinations")::add);
    return to.isEmpty() ? Optional.empty() : Optional.of(keys);
  }
}
