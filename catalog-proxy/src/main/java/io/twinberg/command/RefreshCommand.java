package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has a source looked at now. */
@Command(
    name = "refresh",
    description = {
      "Has a source looked at now instead of when it is due: all of it, with a listing, or one table. Ends when it was seen."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg refresh --source prod",
      "  twinberg refresh --source prod --table sales.orders"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it was looked at",
      "1:the operation failed or was cancelled",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class RefreshCommand implements Callable<Integer> {
  @Mixin private TargetOption target = new TargetOption();

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.ask("refresh", target.target(), target.all()));
  }
}
