package io.twinberg.command;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete the command's words. */
@Command(
    name = "completion",
    description = "Prints a script with which bash or zsh completes commands and options.",
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  source <(twinberg completion bash)",
      "  twinberg completion zsh > ~/.twinberg-completion"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {"0:printed", "2:the command line is wrong"})
final class CompletionCommand implements Runnable {
  /** A shell whose words can be completed, as people write it. */
  enum Shell {
    bash,
    zsh
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "SHELL",
      defaultValue = "bash",
      description = "bash or zsh; ${DEFAULT-VALUE} if left out.")
  private Shell shell = Shell.bash;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine command = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("# Read it with: source <(%s completion %s)%n", command.getCommandName(), shell);
    // One script serves both: it tells by itself which shell reads it.
    out.print(AutoComplete.bash(command.getCommandName(), command));
    out.flush();
  }
}
