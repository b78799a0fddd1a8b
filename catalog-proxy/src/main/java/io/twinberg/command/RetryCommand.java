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

/** Has a failed replica tried again. */
@Command(
    name = "retry",
    description = "Has a failed replica tried again now, whether or not a person was needed.",
    mixinStandardHelpOptions = true,
    footerHeading = "Example:%n",
    footer = "  twinberg retry --destination eu --table sales.orders",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is tried again, or had not failed; 'twinberg status' tells what came of it",
      "1:the operation failed",
      "2:the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class RetryCommand implements Callable<Integer> {
  @Mixin private ManagementOption api = new ManagementOption();

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      required = true,
      description = "The replica's destination.")
  private String destination = "";

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      required = true,
      description =
          "The replica's table, such as sales.orders; a dot inside a name is written %%2E.")
  private String table = "";

  @Option(names = "--source", paramLabel = "NAME", description = "The table's source.")
  private @Nullable String source;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return api.run(spec.commandLine().getErr(), () -> retry(new OperationClient(api.client())));
  }

  private int retry(OperationClient client) throws InterruptedException {
    ObjectNode requested =
        client.retry(
            new OperationClient.Target(
                Optional.ofNullable(source),
                Optional.of(destination),
                Optional.of(TableName.parse(table))));
    ObjectNode operation = client.finished(requested, running -> {});
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        api.json() ? operation + "\n" : TextTable.plain(operation.path("summary").asText()) + "\n");
    out.flush();
    return OperationClient.isGood(operation) ? 0 : 1;
  }
}
