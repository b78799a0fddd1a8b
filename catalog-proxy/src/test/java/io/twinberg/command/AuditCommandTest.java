package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.database.Database;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command against a real listener. */
class AuditCommandTest {
  private record Ran(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private Database database;
  private AuditLog log;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    log = new AuditLog(database, clock);
    listener =
        new TestingManagement(database, clock)
            .token("ops", "manage:operator")
            .token("eyes", "manage:viewer")
            .start();
    log.append(List.of(refused("catalog \u001b[2J\u009b2J\u202eprod")));
    clock.step(Duration.ofSeconds(1));
    log.append(List.of(applied()));
  }

  private static AuditEvent refused(String subject) {
    return new AuditEvent(
        AuditKind.ACCESS,
        "refused",
        Optional.of("10.0.0.1"),
        AuditScope.ANY,
        subject,
        AuditOutcome.REFUSED,
        JsonNodeFactory.instance.objectNode().put("calls", 12));
  }

  private static AuditEvent applied() {
    return new AuditEvent(
        AuditKind.VERSION,
        "applied",
        Optional.empty(),
        AuditScope.of(
            Optional.of("prod"),
            Optional.of(TableIdentifier.of("sales", "a.b")),
            Optional.of("eu")),
        "replica sales.a.b",
        AuditOutcome.DONE,
        JsonNodeFactory.instance.objectNode());
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private Ran run(String token, String... arguments) {
    List<String> line =
        new ArrayList<>(
            List.of(
                "audit", "--management", "http://127.0.0.1:" + listener.port(), "--token", token));
    line.addAll(List.of(arguments));
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
  void audit_all_isATableWithTheNewestFirst() {
    Ran ran = run("s-ops");

    assertThat(ran.out())
        .isEqualTo(
            """
            TIME                  KIND     ACTOR            ACTION   WHERE                    SUBJECT                          OUTCOME
            2026-03-01T10:00:01Z  version  twinberg itself  applied  sales.a.b of prod at eu  replica sales.a.b                done
            2026-03-01T10:00:00Z  access   10.0.0.1         refused  -                        catalog ?[2J?2J?prod (12 calls)  refused
            """);
    assertThat(ran.exitCode()).isZero();
  }

  @Test
  void export_toAFullDisk_isNoSuccess() {
    StringWriter err = new StringWriter();
    Writer full =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };

    int exitCode =
        Main.commandLine()
            .setOut(new PrintWriter(full))
            .setErr(new PrintWriter(err))
            .execute(
                "audit",
                "--ndjson",
                "--management",
                "http://127.0.0.1:" + listener.port(),
                "--token",
                "s-ops");

    assertThat(exitCode).isEqualTo(3);
    assertThat(err.toString()).contains("broke off: its output cannot be written");
  }

  @Test
  void audit_filtered_asksForNoMore() throws Exception {
    Ran ran =
        run(
            "s-ops",
            "--table",
            "sales.a%2Eb",
            "--destination",
            "eu",
            "--kind",
            "version",
            "--since",
            "2026-03-01T10:00:00Z",
            "--source",
            "prod",
            "--json");
    assertThat(new ObjectMapper().readTree(ran.out()).path("entries")).hasSize(1);
    assertThat(run("s-ops", "--table", "sales.b").out()).isEqualTo("no entries\n");
    assertThat(run("s-ops", "--namespace", "sales").out())
        .contains("applied")
        .doesNotContain("calls");
    assertThat(run("s-ops", "--namespace", "sales.eu").out()).isEqualTo("no entries\n");
    assertThat(run("s-ops", "--namespace", "sal%65s", "--destination", "us").out())
        .isEqualTo("no entries\n");
    assertThat(run("s-ops", "--actor", "10.0.0.1").out())
        .contains("12 calls")
        .doesNotContain("applied");
    assertThat(run("s-ops", "--since", "1h").out())
        .as("both are of a past March")
        .isEqualTo("no entries\n");
    assertThat(run("s-ops", "--until", "1h", "--limit", "1").out())
        .contains("applied")
        .doesNotContain("calls");
  }

  @Test
  void audit_moreThanAPage_isShownUpToTheLimit() throws Exception {
    log.append(Collections.nCopies(1_100, refused("many")));
    Ran ran = run("s-ops", "--limit", "1050", "--json");
    assertThat(new ObjectMapper().readTree(ran.out()).path("entries")).hasSize(1_050);
    assertThat(run("s-ops").out().lines()).as("a title, and 50").hasSize(51);
  }

  @Test
  void export_printsALineForEachEntry_oldestFirst() {
    clock.step(Duration.ofSeconds(1));
    Ran ran = run("s-ops", "--ndjson");
    assertThat(ran.out().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("\"kind\":\"access\"", "\"details\":{\"calls\":12}");
    assertThat(ran.exitCode()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "--since,yesterday,--since must be a time",
    "--until,7x,a duration before now such as 7d",
    "--limit,0,--limit must be 1 or more",
    "--kind,versions,kind must be one of",
    "--table,orders,write namespace.table",
    "--namespace,sales..eu,is no namespace; write one such as sales.eu"
  })
  void argument_thatIsWrong_isExplained(String option, String value, String message) {
    Ran ran = run("s-ops", option, value);
    assertThat(ran.err()).contains(message);
    assertThat(ran.exitCode()).isEqualTo(2);
  }

  @Test
  void viewer_mayNotSeeIt() {
    assertThat(run("s-eyes").err()).contains("lacks the grant manage:operator");
    assertThat(run("s-eyes", "--ndjson").err()).contains("lacks the grant manage:operator");
    assertThat(run("s-eyes", "--ndjson").exitCode()).isEqualTo(2);
    assertThat(run("s-ops", "--ndjson", "--limit", "3").err())
        .contains("neither --limit nor --json");
    assertThat(run("s-ops", "--table", "a.b", "--namespace", "a").err())
        .contains("give --namespace or --table, whose name has its namespace");
  }
}
