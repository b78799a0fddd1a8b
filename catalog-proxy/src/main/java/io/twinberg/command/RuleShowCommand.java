package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Shows one rule, with its keys as they could be put. */
@Command(
    name = "show",
    description = "Shows the rule for exactly one source, namespace or table.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ManagementOption.EXIT_CODES,
    exitCodeList = {
      ManagementOption.EXIT_DONE,
      ManagementOption.EXIT_WRONG,
      ManagementOption.EXIT_NOT_REACHED
    },
    footerHeading = "%nExample:%n",
    footer = {"  twinberg rules show --source prod --namespace sales"})
final class RuleShowCommand implements Callable<Integer> {
  @ParentCommand private RulesCommand rules = new RulesCommand();
  @Mixin private RuleScopeOption scope = new RuleScopeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ManagementOption api = rules.api();
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ObjectNode rule = api.client().get(scope.path());
          PrintWriter out = spec.commandLine().getOut();
          out.print(api.json() ? rule + "\n" : text(rule));
          out.flush();
          return 0;
        });
  }

  private static String text(ObjectNode rule) {
    return RulesCommand.table(List.of(rule))
        + "\n"
        + TextTable.plain(rule.path("rule").toString())
        + "\n";
  }
}
