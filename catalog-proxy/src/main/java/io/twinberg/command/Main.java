package io.twinberg.command;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The {@code twinberg} command. */
@Command(
    name = "twinberg",
    description = "Replicates Apache Iceberg tables the moment they are committed.",
    mixinStandardHelpOptions = true,
    version = "twinberg 0.1.0",
    subcommands = {
      ServeCommand.class,
      StatusCommand.class,
      SourcesCommand.class,
      DestinationsCommand.class,
      VerifyCommand.class,
      RetryCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      RefreshCommand.class,
      ResyncCommand.class,
      PlanCommand.class,
      DropCommand.class,
      OperationsCommand.class,
      TokensCommand.class,
      AuditCommand.class,
      RulesCommand.class,
      CheckCommand.class,
      RecoverCommand.class,
      DemoCommand.class,
      CompletionCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main {
  private final Terminal terminal;

  private Main(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return commandLine(Terminal.ofProcess());
  }

  /** The command on a terminal. */
  static CommandLine commandLine(Terminal terminal) {
    CommandLine commandLine = new CommandLine(new Main(terminal));
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExecutionExceptionHandler(
        (problem, command, result) -> report(problem, command));
    return commandLine;
  }

  /** What the command is seen on of which another one is a part. */
  static Terminal terminal(CommandSpec command) {
    return ((Main) command.root().userObject()).terminal;
  }

  /** What an operator can mend is said in words; anything else is a bug and shows where. */
  private static int report(Exception problem, CommandLine command) {
    PrintWriter err = command.getErr();
    if (problem instanceof RuntimeException && Problems.isForOperator(problem)) {
      err.println(problem.getMessage());
    } else {
      problem.printStackTrace(err);
    }
    err.flush();
    return 1;
  }
}
