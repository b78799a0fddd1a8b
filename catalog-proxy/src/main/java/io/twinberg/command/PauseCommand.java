package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has nothing done to replicas until they are resumed. */
@Command(
    name = "pause",
    description = {
      "Pauses a source, a destination or the replicas of a table: nothing is copied, published or deleted there until it is",
      "resumed, and tables that come later are paused with it. Replicas stay readable, commits are logged all the same, and the",
      "log keeps them: it grows. Ends when nobody works on what is paused any more."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg pause --destination eu",
      "  twinberg pause --table sales.orders --destination eu",
      "  twinberg pause --all"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is paused",
      "1:the operation failed or was cancelled",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class PauseCommand implements Callable<Integer> {
  @Mixin private TargetOption target = new TargetOption();

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.ask("pause", target.target(), target.all()));
  }
}
