package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Switches a rule on or off, and leaves all else of it as it is. */
abstract class RuleSwitchCommand implements Callable<Integer> {
  private final String status;

  @ParentCommand private RulesCommand rules = new RulesCommand();
  @Mixin private RuleChangeOption change = new RuleChangeOption();
  @Spec private CommandSpec spec;

  private RuleSwitchCommand(String status) {
    this.status = status;
  }

  /** Switches a rule on. */
  @Command(
      name = "enable",
      description = "Switches a rule on: its replicas go on where they stand.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = {"  twinberg rules enable --source prod --namespace sales"})
  static final class Enable extends RuleSwitchCommand {
    Enable() {
      super("enabled");
    }
  }

  /** Switches a rule off. */
  @Command(
      name = "disable",
      description =
          "Switches a rule off: its replicas stay readable and are not updated, whatever wider rules say.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = {"  twinberg rules disable --source prod --namespace sales"})
  static final class Disable extends RuleSwitchCommand {
    Disable() {
      super("disabled");
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    ManagementOption api = rules.api();
    return api.run(
        spec.commandLine().getErr(),
        () -> {
          ManagementClient client = api.client();
          ObjectNode rule = client.get(change.rule());
          ObjectNode body = rule.withObject("/rule").put("status", status);
          // What is written is what was read, unless somebody has changed it meanwhile.
          ObjectNode answer =
              client.put(change.path(), body, change.headers(rule.path("etag").asText("")));
          change.print(answer, api.json(), spec.commandLine().getOut());
          return 0;
        });
  }
}
