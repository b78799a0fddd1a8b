package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.database.Database;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for tokens against a real listener. */
class TokenCommandsTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private Database database;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    listener =
        new TestingManagement(database, clock)
            .token("boss", "manage:admin")
            .token("ops", "manage:operator")
            .start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private Ran run(String... arguments) {
    return runAs("s-boss", arguments);
  }

  private Ran runAs(String token, String... arguments) {
    List<String> line = new ArrayList<>(List.of("tokens"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--management", "http://127.0.0.1:" + listener.port(), "--token", token));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void create_printsTheSecretAloneAndTheRestAside() {
    Ran ran =
        run(
            "create",
            "chief",
            "--grant",
            "manage:admin",
            "--grant",
            "read:eu",
            "--expires-in",
            "90d");

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out()).matches("twb_[A-Za-z0-9_-]{43}\n");
    assertThat(ran.err())
        .isEqualTo(
            "Token chief may manage:admin read:eu and ends 2026-05-30T10:00:00Z. The secret is not"
                + " shown again.\n");
    assertThat(runAs(ran.out().trim(), "list").exitCode()).isZero();
  }

  @Test
  void list_showsBothOrigins() throws Exception {
    run("create", "etl", "--grant", "write:prod");

    String table =
        """
        NAME  ORIGIN  GRANTS           MADE BY  MADE                  ENDS  LAST USED
        boss  file    manage:admin     -        -                     -     -
        etl   api     write:prod       boss     2026-03-01T10:00:00Z  -     -
        ops   file    manage:operator  -        -                     -     -
        """;
    assertThat(run().out()).isEqualTo(table);
    assertThat(run("list").out()).isEqualTo(table);
    JsonNode json = new ObjectMapper().readTree(run("list", "--json").out());
    assertThat(json.path("tokens").get(1).path("name").asText()).isEqualTo("etl");
  }

  @Test
  void revoke_endsTheToken() {
    String secret = run("create", "chief", "--grant", "manage:admin").out().trim();

    Ran ran = run("revoke", "chief");

    assertThat(ran).isEqualTo(new Ran(0, "token chief is revoked\n", ""));
    assertThat(runAs(secret, "list").exitCode()).isEqualTo(2);
    assertThat(run("revoke", "chief"))
        .isEqualTo(new Ran(2, "", "There is no token 'chief'; 'twinberg tokens' shows all.\n"));
  }

  @Test
  void tokenThatTheFileHides_isShownAndRevokedWithoutTheFiles() {
    run("create", "etl", "--grant", "write:prod");
    listener.close();
    listener =
        new TestingManagement(database, clock)
            .token("boss", "manage:admin")
            .token("etl", "read:eu")
            .start();
    assertThat(run().out())
        .isEqualTo(
            """
            NAME  ORIGIN          GRANTS        MADE BY  MADE                  ENDS  LAST USED
            boss  file            manage:admin  -        -                     -     -
            etl   file            read:eu       -        -                     -     -
            etl   api (shadowed)  write:prod    boss     2026-03-01T10:00:00Z  -     -
            """);

    Ran ran = run("revoke", "etl");

    assertThat(ran)
        .isEqualTo(
            new Ran(
                0,
                "token etl of the API is revoked; that of the configuration file goes on\n",
                ""));
    assertThat(run().out()).doesNotContain("shadowed").contains("etl   file");
    assertThat(run("revoke", "etl").exitCode()).isEqualTo(2);
  }

  @Test
  void create_asJson_holdsTheSecret() throws Exception {
    JsonNode json =
        new ObjectMapper().readTree(run("create", "etl", "--grant", "read:eu", "--json").out());
    assertThat(json.path("secret").asText()).startsWith("twb_");
    assertThat(json.path("expiresAt").isNull()).isTrue();
  }

  @Test
  void wrongs_areToldOnTheErrorOutput() {
    Ran grant = run("create", "etl", "--grant", "read:eux");
    assertThat(grant.exitCode()).isEqualTo(2);
    assertThat(grant.out()).isEmpty();
    assertThat(grant.err()).contains("did you mean 'eu'?");
    Ran role = runAs("s-ops", "list");
    assertThat(role).isEqualTo(new Ran(2, "", "The token ops lacks the grant manage:admin.\n"));
    assertThat(run("create", "etl").exitCode()).as("no grant").isEqualTo(2);
  }

  @Test
  void help_hasExamples() {
    assertThat(run("create", "--help").out()).contains("twinberg tokens create etl --grant");
    assertThat(run("--help").out()).contains("$(twinberg tokens create");
  }
}
