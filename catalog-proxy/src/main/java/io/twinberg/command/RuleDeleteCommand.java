package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Deletes a rule; a wider one decides then, where there is one. */
@Command(
    name = "delete",
    description =
        "Deletes the rule for a source, namespace or table; a wider one decides then, where there is one.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = ManagementOption.EXIT_CODES,
    exitCodeList = {
      ManagementOption.EXIT_DONE,
      ManagementOption.EXIT_WRONG,
      ManagementOption.EXIT_NOT_REACHED
    },
    footerHeading = "%nExample:%n",
    footer = {"  twinberg rules delete --source prod --namespace sales --table orders"})
final class RuleDeleteCommand implements Callable<Integer> {
  @ParentCommand private RulesCommand rules = new RulesCommand();
  @Mixin private RuleChangeOption change = new RuleChangeOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ManagementOption api = rules.api();
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          change.print(
              api.client().delete(change.path(), change.headers("*")),
              api.json(),
              spec.commandLine().getOut());
          return 0;
        });
  }
}
