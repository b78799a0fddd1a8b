package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Has one replica dropped, once it is confirmed. */
@Command(
    name = "drop",
    description = {
      "Drops a replica that no rule covers any more: readers see it no longer, its name is free at once, and its files are removed",
      "in the background after the destination's deletion-grace. Shows what will go and asks for the table's name; without a",
      "terminal it gives a token to call it again with. What follows its table still is refused: disable its rule first.",
      "The token needs the grant manage:admin."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg drop prod sales.orders --to eu",
      "  twinberg drop prod sales.orders --to eu --confirm 5f0c7a64b1d94c0d83b6f1e2a9c35d17 --wait"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it is asked for, and 'twinberg operations ID' shows how far it is; with --wait: its files are gone",
      "1:with --wait: it could not be dropped, or the operation was cancelled",
      "2:it is not confirmed or may not be dropped, or the command line, a name or the token is wrong",
      "3:the management API cannot be reached"
    })
final class DropCommand implements Callable<Integer> {
  private static final int NOT_GOOD = 1;

  private final TypedLine typed;

  @Mixin private ManagementOption api = new ManagementOption();

  @Parameters(index = "0", paramLabel = "SOURCE", description = "The source of the replica.")
  private String source = "";

  @Parameters(
      index = "1",
      paramLabel = "TABLE",
      description =
          "The table, such as sales.orders, as the source or the destination calls it; a dot inside a name is written %%2E.")
  private String table = "";

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DESTINATION",
      description = "Where the replica is.")
  private String destination = "";

  @Option(
      names = "--confirm",
      paramLabel = "TOKEN",
      description = "The token that the command gave; nothing is asked then.")
  private @Nullable String confirm;

  @Option(names = "--wait", description = "Wait until the files are gone, too.")
  private boolean wait;

  @Spec private CommandSpec spec;

  DropCommand() {
    this(TypedLine.ofTerminal());
  }

  DropCommand(TypedLine typed) {
    this.typed = typed;
  }

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    return api.run(err, () -> run(new OperationClient(api.client()), err));
  }

  private int run(OperationClient client, PrintWriter err) throws InterruptedException {
    OperationClient.Target target =
        new OperationClient.Target(
            Optional.of(source), Optional.of(destination), Optional.of(TableName.parse(table)));
    HttpResponse<String> answer = client.drop(target, Optional.ofNullable(confirm));
    JsonNode asksBack = ManagementClient.beside(answer, "drop");
    if (asksBack.isObject()) {
      String token = confirmed(answer, asksBack, err);
      answer = client.drop(target, Optional.of(token));
    }
    return end(client, client.operation(answer), err);
  }

  /** A token that was given is never mended by a question: scripts must learn that it is stale. */
  private String confirmed(HttpResponse<String> answer, JsonNode drop, PrintWriter err) {
    String message = ManagementClient.message(answer);
    if (confirm != null) {
      throw new UsageException(TextTable.plain(message));
    }
    err.println(TextTable.plain(message));
    err.flush();
    String name = TextTable.name(drop);
    Optional<String> line = typed.answer("Type " + TextTable.plain(name) + " to drop it: ");
    if (line.isEmpty()) {
      throw new UsageException(
          "nothing is dropped: to confirm it, add --confirm " + drop.path("confirm").asText());
    }
    if (!line.get().strip().equals(name)) {
      throw new UsageException("nothing is dropped: that is not its name");
    }
    return drop.path("confirm").asText();
  }

  private int end(OperationClient client, ObjectNode asked, PrintWriter err)
      throws InterruptedException {
    if (!wait) {
      print(api.json() ? asked.toString() : asked.path("id").asText());
      return 0;
    }
    Terminal terminal = Main.terminal(spec);
    ProgressLine progress = terminal.progress(err);
    ObjectNode ended = client.finished(asked, progress::show, terminal.pause());
    progress.clear();
    print(api.json() ? ended.toString() : TextTable.plain(ended.path("summary").asText()));
    return OperationClient.isGood(ended) ? 0 : NOT_GOOD;
  }

  private void print(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(line + "\n");
    out.flush();
  }
}
