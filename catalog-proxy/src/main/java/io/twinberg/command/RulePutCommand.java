package io.twinberg.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Makes a rule, or replaces one. */
@Command(
    name = "put",
    description = {
      "Makes the rule for a source, namespace or table, and says what that means.",
      "A rule that is there already is replaced only with --if-match."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ManagementOption.EXIT_CODES,
    exitCodeList = {
      ManagementOption.EXIT_DONE,
      ManagementOption.EXIT_WRONG,
      ManagementOption.EXIT_NOT_REACHED
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  twinberg rules put --source prod --namespace raw --destination eu --bandwidth-limit 2MiB",
      "  twinberg rules put --source prod --destination eu --except 'tmp_*'",
      "  twinberg rules put --source prod --namespace sales --file rule.yaml --if-match 7"
    })
final class RulePutCommand implements Callable<Integer> {
  @ParentCommand private RulesCommand rules = new RulesCommand();
  @Mixin private RuleChangeOption change = new RuleChangeOption();

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Where the tables go; may be given several times.")
  private List<String> destinations = new ArrayList<>();

  @Option(
      names = "--except",
      paramLabel = "GLOB",
      description = "Tables that go nowhere; may be given several times.")
  private List<String> except = new ArrayList<>();

  @Option(
      names = "--backfill",
      paramLabel = "WAY",
      description = "ordered, or heads-first for very large tables.")
  private @Nullable String backfill;

  @Option(
      names = "--bandwidth-limit",
      paramLabel = "SIZE",
      description = "How much a second is written at most for each table, such as 2MiB.")
  private @Nullable String bandwidthLimit;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "All keys of the rule as YAML or JSON, instead of the options above.")
  private @Nullable Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ManagementOption api = rules.api();
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ObjectNode answer = api.client().put(change.path(), rule(), change.headers(""));
          change.print(answer, api.json(), spec.commandLine().getOut());
          return 0;
        });
  }

  private ObjectNode rule() {
    boolean written =
        !destinations.isEmpty() || !except.isEmpty() || backfill != null || bandwidthLimit != null;
    if (written == (file != null)) {
      throw new UsageException("give the rule with --destination and its like, or with --file");
    }
    return file == null ? ofOptions() : RuleFile.read(file);
  }

  private ObjectNode ofOptions() {
    ObjectNode rule = JsonNodeFactory.instance.objectNode();
    destinations.forEach(rule.putArray("destinations")::add);
    except.forEach(rule.putArray("except")::add);
    if (backfill != null) {
      rule.put("backfill", backfill);
    }
    if (bandwidthLimit != null) {
      rule.put("bandwidth-limit", bandwidthLimit);
    }
    return rule;
  }
}
