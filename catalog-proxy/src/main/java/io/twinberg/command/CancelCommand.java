package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Calls an operation off. */
@Command(
    name = "cancel",
    description = {
      "Calls an operation off: at once while it waits, within seconds when it runs. One that has ended stays as it is, and",
      "what it has done by then is not undone: what is paused stays paused."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Example:%n",
    footer = "  twinberg operations cancel 0b6c6c1e-8a55-4f9e-9c38-0f3c0b0e7a11",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is called off, or had ended",
      "2:the command line, the id or the token is wrong",
      "3:the management API cannot be reached"
    })
final class CancelCommand implements Callable<Integer> {
  /** Its options may stand before or behind the name of this command. */
  @ParentCommand private OperationsCommand operations = new OperationsCommand();

  @Parameters(paramLabel = "ID", description = "The operation.")
  private String id = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    ManagementOption api = operations.api();
    return api.run(spec.commandLine().getErr(), () -> cancel(api));
  }

  private int cancel(ManagementOption api) {
    ObjectNode operation = new OperationClient(api.client()).cancel(id);
    String state = operation.path("state").asText();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        api.json()
            ? operation + "\n"
            : state.equals("running") ? "it ends soon\n" : "it is " + state + "\n");
    out.flush();
    return 0;
  }
}
