package io.twinberg.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has replicas verified by a running server. */
@Command(
    name = "verify",
    description = {
      "Has a running server verify replicas: every file that a replica names is there, in its"
          + " folder and of its length;",
      "its metadata and manifests are the source's; with --rows, so are its rows. Nothing is"
          + " written."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg verify --destination eu",
      "  twinberg verify --table sales.orders --rows current"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing is wrong",
      "1:something is wrong with a replica, or one could not be verified",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class VerifyCommand implements Callable<Integer> {
  private static final int VIOLATED = 1;

  @Mixin private ManagementOption api = new ManagementOption();

  @Option(names = "--source", paramLabel = "NAME", description = "Only replicas of this source.")
  private @Nullable String source;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Only replicas at this destination.")
  private @Nullable String destination;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description =
          "Only replicas of this table, such as sales.orders; a dot inside a name is written %%2E.")
  private @Nullable String table;

  @Option(
      names = "--rows",
      paramLabel = "SCOPE",
      defaultValue = "none",
      description =
          "Compare the rows of the current snapshot or of all; none if left out. Reads the data of"
              + " both sides.")
  private String rows = "none";

  @Option(
      names = "--no-wait",
      description = "Print the operation and leave; 'twinberg operations ID' shows its end.")
  private boolean leave;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return api.run(err, () -> verify(new OperationClient(api.client()), err));
  }

  private int verify(OperationClient client, PrintWriter err) throws InterruptedException {
    ObjectNode operation =
        client.verify(
            new OperationClient.Target(
                Optional.ofNullable(source),
                Optional.ofNullable(destination),
                Optional.ofNullable(table).map(TableName::parse)),
            rows);
    if (leave) {
      print(api.json() ? operation + "\n" : operation.path("id").asText() + "\n");
      return 0;
    }
    Terminal terminal = Main.terminal(spec);
    ProgressLine progress = terminal.progress(err);
    operation = client.finished(operation, progress::show, terminal.pause());
    progress.clear();
    print(api.json() ? operation + "\n" : VerifyText.of(operation));
    return OperationClient.isGood(operation) ? 0 : VIOLATED;
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }
}
