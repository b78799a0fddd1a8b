package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has failed replicas tried again. */
@Command(
    name = "retry",
    description = {"Has failed replicas tried again now, whether or not a person was needed."},
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg retry --destination eu --table sales.orders",
      "  twinberg retry --destination eu",
      "  twinberg retry --all"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:they are tried again, or none had failed; 'twinberg status' tells what came of it",
      "1:the operation failed or was cancelled",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class RetryCommand implements Callable<Integer> {
  @Mixin private TargetOption target = new TargetOption();

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.ask("retry", target.target(), target.all()));
  }
}
