package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.http.PathSegments;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows, makes and revokes tokens. */
@Command(
    name = "tokens",
    description = "Shows the tokens, or makes and revokes one; needs a token with manage:admin.",
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:shown or done",
      "2:the command line, a name, a grant or the token is wrong",
      "3:the management API cannot be reached"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  twinberg tokens",
      "  export CATALOG_TOKEN=$(twinberg tokens create etl --grant write:lake --expires-in 90d)",
      "  twinberg tokens revoke etl"
    })
final class TokensCommand implements Callable<Integer> {
  private static final String ALL = ManagementClient.API + "/tokens";

  @Mixin private ManagementOption api = new ManagementOption();
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return show();
  }

  @Command(
      name = "list",
      description = "Shows all tokens, without their secrets.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = "  twinberg tokens list --json")
  int list() throws InterruptedException {
    return show();
  }

  @Command(
      name = "create",
      description = {
        "Makes a token, and prints its secret to the standard output and nothing else.",
        "The secret is shown this once; nobody can look it up later."
      },
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = "  twinberg tokens create etl --grant write:lake --grant read:eu --expires-in 90d")
  int create(
      @Parameters(paramLabel = "NAME", description = "Its name, of a-z, 0-9 and hyphens.")
          String name,
      @Option(
              names = "--grant",
              paramLabel = "GRANT",
              required = true,
              description =
                  "What its holder may do: write:CATALOG or read:CATALOG, either with /NAMESPACES,"
                      + " or manage:viewer, manage:operator or manage:admin; may be repeated.")
          List<String> grants,
      @Option(
              names = "--expires-in",
              paramLabel = "DURATION",
              description = "When it ends, such as 12h or 90d; if left out, when it is revoked.")
          @Nullable String expiresIn)
      throws InterruptedException {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("name", name);
    ArrayNode array = body.putArray("grants");
    grants.forEach(array::add);
    body.put("expiresIn", expiresIn);
    return api.run(err(), () -> printCreated(api.client().post(ALL, body)));
  }

  private int printCreated(ObjectNode token) {
    if (api.json()) {
      print(token + "\n");
      return 0;
    }
    print(token.path("secret").asText() + "\n");
    err()
        .println(
            "Token %s may %s and ends %s. The secret is not shown again."
                .formatted(
                    token.path("name").asText(),
                    grants(token),
                    token.path("expiresAt").asText("when it is revoked")));
    err().flush();
    return 0;
  }

  @Command(
      name = "revoke",
      description = "Revokes a token; within a second no process lets it in any more.",
      mixinStandardHelpOptions = true,
      exitCodeListHeading = ManagementOption.EXIT_CODES,
      exitCodeList = {
        ManagementOption.EXIT_DONE,
        ManagementOption.EXIT_WRONG,
        ManagementOption.EXIT_NOT_REACHED
      },
      footerHeading = "%nExample:%n",
      footer = "  twinberg tokens revoke etl")
  int revoke(@Parameters(paramLabel = "NAME", description = "The token's name.") String name)
      throws InterruptedException {
    return api.run(
        err(),
        () -> {
          ObjectNode token = api.client().delete(ALL + "/" + PathSegments.encode(name));
          print(api.json() ? token + "\n" : revoked(name, token));
          return 0;
        });
  }

  /** Whoever finds the file's token still at work must not be surprised. */
  private static String revoked(String name, ObjectNode token) {
    return token.path("shadowed").isObject()
        ? "token " + name + " of the API is revoked; that of the configuration file goes on\n"
        : "token " + name + " is revoked\n";
  }

  private int show() throws InterruptedException {
    return api.run(
        err(),
        () -> {
          ObjectNode answer = all(api.client());
          print(api.json() ? answer + "\n" : table(answer.path("tokens")));
          return 0;
        });
  }

  /** The first page as it came, with the tokens of all further pages put into it. */
  private static ObjectNode all(ManagementClient client) {
    String path = ALL + "?pageSize=1000";
    ObjectNode whole = client.get(path);
    JsonNode next = whole.path("nextPageToken");
    while (next.isTextual()) {
      ObjectNode page = client.get(path + "&pageToken=" + PathSegments.encode(next.asText()));
      whole.withArray("tokens").addAll(page.withArray("tokens"));
      next = page.path("nextPageToken");
    }
    return whole.putNull("nextPageToken");
  }

  private static String table(JsonNode tokens) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "ORIGIN", "GRANTS", "MADE BY", "MADE", "ENDS", "LAST USED"));
    for (JsonNode token : tokens) {
      rows.add(row(token, token.path("origin").asText()));
      JsonNode shadowed = token.path("shadowed");
      if (shadowed.isObject()) {
        rows.add(row(shadowed, shadowed.path("origin").asText() + " (shadowed)"));
      }
    }
    return rows.size() == 1 ? "no tokens\n" : TextTable.aligned(rows);
  }

  private static List<String> row(JsonNode token, String origin) {
    return List.of(
        TextTable.plain(token.path("name").asText()),
        origin,
        TextTable.plain(grants(token)),
        TextTable.plain(token.path("createdBy").asText("-")),
        token.path("createdAt").asText("-"),
        token.path("expiresAt").asText("-"),
        token.path("lastUsedAt").asText("-"));
  }

  private static String grants(JsonNode token) {
    List<String> grants = new ArrayList<>();
    token.path("grants").forEach(grant -> grants.add(grant.asText()));
    return String.join(" ", grants);
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
