package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rules commands against a real listener. */
class RulesCommandTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private Database database;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    world.table("prod", TableIdentifier.of("sales", "orders"));
    listener =
        new TestingManagement(database, clock)
            .token("boss", "manage:admin")
            .token("ops", "manage:operator")
            .fileRules("  - { source: prod, namespace: hr, destinations: [eu, us] }\n")
            .start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private Ran rules(String... arguments) {
    return run("s-boss", arguments);
  }

  private Ran run(String token, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> line = new ArrayList<>(List.of("rules"));
    line.addAll(List.of(arguments));
    line.addAll(List.of("--management", "http://127.0.0.1:" + listener.port(), "--token", token));
    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(line.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void rules_areListedAsATable() {
    rules(
        "put",
        "--source",
        "prod",
        "--namespace",
        "sales",
        "--table",
        "orders",
        "--destination",
        "eu");
    rules("disable", "--source", "prod", "--namespace", "sales", "--table", "orders");

    assertThat(rules())
        .isEqualTo(
            new Ran(
                0,
                """
                SOURCE  NAMESPACE  TABLE   DESTINATIONS  STATUS    ORIGIN                     ETAG
                prod    hr         *       eu, us        enabled   rules[0] of twinberg.yaml  -
                prod    sales      orders  eu            disabled  api                        "2"
                """,
                ""));
    assertThat(rules("list", "--source", "test").out()).isEqualTo("no rules\n");
    assertThat(rules("list", "--json").out()).startsWith("{\"rules\":[{");
  }

  @Test
  void put_saysWhatItMeansAndWhichETagTheRuleHas() {
    String[] put = {"put", "--source", "prod", "--destination", "eu", "--except", "tmp_*"};
    List<String> rehearsal = new ArrayList<>(List.of(put));
    rehearsal.add("--dry-run");
    assertThat(rules(rehearsal.toArray(String[]::new)).out())
        .isEqualTo(
            """
            Nothing is changed; this is what would happen:
            1 replica at eu begins: all that is there is copied to it.
            """);

    assertThat(rules(put))
        .isEqualTo(
            new Ran(
                0,
                """
                1 replica at eu begins: all that is there is copied to it.
                The rule's ETag is "1".
                """,
                ""));
    assertThat(rules("show", "--source", "prod").out())
        .contains("\"except\":[\"tmp_*\"]", "\"status\":\"enabled\"");
    Ran again = rules(put);
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err())
        .contains(
            "there is a rule for source prod already, with the ETag \"1\": send it as If-Match"
                + " (--if-match) to change just that one, or * to change whatever is there");
  }

  @Test
  void put_ofAFile_takesYamlAndJson() throws IOException {
    Path yaml =
        Files.writeString(
            folder.resolve("rule.yaml"),
            "destinations: [us]\nexpiry-guard: off\nstatus: disabled\n");
    Path json = Files.writeString(folder.resolve("rule.json"), "{\"destinations\": [\"eu\"]}");
    Path broken = Files.writeString(folder.resolve("broken.yaml"), "destinations: [us\n");
    String[] scope = {"put", "--source", "prod", "--namespace", "a%2Eb.c", "--file"};

    assertThat(rules(with(scope, yaml.toString())).exitCode()).isZero();
    assertThat(rules(with(scope, json.toString(), "--if-match", "1")).exitCode()).isZero();
    assertThat(rules(with(scope, json.toString(), "--if-match", "1")).err())
        .contains("its ETag is \"2\" now");
    assertThat(rules("show", "--source", "prod", "--namespace", "a%2Eb.c", "--json").out())
        .contains("\"namespace\":[\"a.b\",\"c\"]", "\"destinations\":[\"eu\"]");
    assertThat(rules(with(scope, broken.toString())))
        .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(2))
        .satisfies(ran -> assertThat(ran.err()).contains("broken.yaml:", "broken YAML"));
  }

  private static String[] with(String[] first, String... more) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  @Test
  void switchAndDelete_changeWhatIsThere() {
    String[] put = {"put", "--source", "prod", "--destination", "eu", "--backfill", "heads-first"};
    rules(with(put, "--bandwidth-limit", "2MiB"));

    assertThat(rules("disable", "--source", "prod").exitCode()).isZero();
    assertThat(rules("show", "--source", "prod").out())
        .contains(
            "\"backfill\":\"heads-first\"",
            "\"bandwidth-limit\":\"2MiB\"",
            "\"status\":\"disabled\"");
    assertThat(rules("enable", "--source", "prod", "--if-match", "1").exitCode()).isEqualTo(2);
    assertThat(rules("enable", "--source", "prod").exitCode()).isZero();
    assertThat(rules("delete", "--source", "prod").exitCode()).isZero();
    assertThat(rules("delete", "--source", "prod"))
        .satisfies(ran -> assertThat(ran.exitCode()).isEqualTo(2))
        .satisfies(ran -> assertThat(ran.err()).contains("no rule for exactly source prod"));
  }

  @Test
  void wrongCommandLines_sayWhatToDo() {
    assertThat(rules("put", "--source", "prod").err()).contains("--destination", "--file");
    assertThat(
            rules("put", "--source", "prod", "--destination", "eu", "--bandwidth-limit", "1KiB")
                .err())
        .contains("bandwidth-limit: must be at least 64KiB a second");
    assertThat(rules("show", "--source", "prod", "--table", "t").err()).contains("--namespace");
    assertThat(rules("put", "--source", "prd", "--destination", "eu").err())
        .contains("did you mean 'prod'?");
    assertThat(rules("disable", "--source", "prod", "--namespace", "hr").err())
        .contains("rules[0] of twinberg.yaml, which only the file changes");
    assertThat(run("s-ops", "delete", "--source", "prod").err()).contains("manage:admin");
    assertThat(rules("put").exitCode()).isEqualTo(2);
  }
}
