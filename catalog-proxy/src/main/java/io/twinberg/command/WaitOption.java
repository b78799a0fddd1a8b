package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a command asks for an operation, and whether it waits for its end. */
final class WaitOption {
  private static final int NOT_GOOD = 1;

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(
      names = "--no-wait",
      description = "Print the operation and leave; 'twinberg operations ID' shows its end.")
  private boolean leave;

  /** Asks for an operation. */
  interface Ask {
    ObjectNode of(OperationClient client);
  }

  /** Asks, waits unless told not to, and prints what came of it; returns the exit code. */
  int run(CommandSpec spec, Ask ask) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return api.run(err, () -> run(spec, ask, new OperationClient(api.client()), err));
  }

  private int run(CommandSpec spec, Ask ask, OperationClient client, PrintWriter err)
      throws InterruptedException {
    ObjectNode operation = ask.of(client);
    if (leave) {
      print(spec, api.json() ? operation.toString() : operation.path("id").asText());
      return 0;
    }
    ProgressLine progress = ProgressLine.onTerminal(err);
    operation = client.finished(operation, progress::show);
    progress.clear();
    print(
        spec,
        api.json() ? operation.toString() : TextTable.plain(operation.path("summary").asText()));
    return OperationClient.isGood(operation) ? 0 : NOT_GOOD;
  }

  private static void print(CommandSpec spec, String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(line + "\n");
    out.flush();
  }
}
