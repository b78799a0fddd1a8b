package io.twinberg.command;

import java.io.PrintWriter;
import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Where the management API is, and who asks it; and what its failures mean for a command. */
final class ManagementOption {
  static final int WRONG = 2;
  static final int NOT_REACHED = 3;

  // What help says of the exit codes of commands that only show something or have it done.
  static final String EXIT_CODES = "Exit codes:%n";
  static final String EXIT_DONE = "0:shown or done";
  static final String EXIT_WRONG = "2:the command line, a name, what is sent or the token is wrong";
  static final String EXIT_NOT_REACHED = "3:the management API cannot be reached";

  @Option(
      names = "--management",
      scope = ScopeType.INHERIT,
      paramLabel = "URI",
      defaultValue = "${env:TWINBERG_MANAGEMENT:-http://127.0.0.1:8182}",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "Where the management API is; if left out, the environment's TWINBERG_MANAGEMENT or"
              + " http://127.0.0.1:8182.")
  private URI management = URI.create("http://127.0.0.1:8182");

  @Option(
      names = "--token",
      scope = ScopeType.INHERIT,
      paramLabel = "TOKEN",
      defaultValue = "${env:TWINBERG_TOKEN}",
      showDefaultValue = CommandLine.Help.Visibility.NEVER,
      description =
          "A token with the grant manage:viewer, to change something manage:operator; if left out,"
              + " the environment's TWINBERG_TOKEN.")
  private @Nullable String token;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print the API's JSON.")
  private boolean json;

  boolean json() {
    return json;
  }

  ManagementClient client() {
    return new ManagementClient(management, Optional.ofNullable(token));
  }

  /** Work that gives an exit code. */
  interface Work {
    int run() throws InterruptedException;
  }

  /** Runs the work of a command; says what is wrong where something is. */
  int run(PrintWriter err, Work work) throws InterruptedException {
    try {
      return work.run();
    } catch (ManagementClient.NotReachedException e) {
      return report(e, err, NOT_REACHED);
    } catch (UsageException e) {
      return report(e, err, WRONG);
    }
  }

  private static int report(RuntimeException problem, PrintWriter err, int exitCode) {
    err.println(problem.getMessage());
    err.flush();
    return exitCode;
  }
}
