package io.twinberg.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lets paused replicas go on. */
@Command(
    name = "resume",
    description = {
      "Ends a pause of the same source, destination or table; with --all every pause. Replicas go on where they stood."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {"  twinberg resume --destination eu", "  twinberg resume --all"},
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is resumed, or was not paused",
      "1:the operation failed or was cancelled",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class ResumeCommand implements Callable<Integer> {
  @Mixin private TargetOption target = new TargetOption();

  @Mixin private WaitOption wait = new WaitOption();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return wait.run(spec, client -> client.ask("resume", target.target(), target.all()));
  }
}
