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

  /** Says what came of an operation. */
  interface Telling {
    String of(ObjectNode operation);
  }

  /** Asks, waits unless told not to, and prints what came of it; returns the exit code. */
  int run(CommandSpec spec, Ask ask) throws InterruptedException {
    return run(spec, ask, operation -> TextTable.plain(operation.path("summary").asText()) + "\n");
  }

  /** The same, where more than a summary is to be told. */
  int run(CommandSpec spec, Ask ask, Telling telling) throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return api.run(err, () -> run(spec, ask, telling, new OperationClient(api.client()), err));
  }

  private int run(
      CommandSpec spec, Ask ask, Telling telling, OperationClient client, PrintWriter err)
      throws InterruptedException {
    ObjectNode operation = ask.of(client);
    if (leave) {
      print(spec, (api.json() ? operation.toString() : operation.path("id").asText()) + "\n");
      return 0;
    }
    Terminal terminal = Main.terminal(spec);
    ProgressLine progress = terminal.progress(err);
    operation = client.finished(operation, progress::show, terminal.pause());
    progress.clear();
    print(spec, api.json() ? operation + "\n" : telling.of(operation));
    return OperationClient.isGood(operation) ? 0 : NOT_GOOD;
  }

  private static void print(CommandSpec spec, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
