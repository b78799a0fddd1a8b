package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.database.Database;
import io.twinberg.log.Sources;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.storage.ObjectStores;
import io.twinberg.testing.S3Requests.Kind;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The check command over a catalog, two S3 servers, and everything that can be wrong with them. */
class CheckCommandTest {
  private static final String METADATA = "s3://lake/orders/metadata/1.metadata.json";

  private record Ran(int exitCode, String out, String err) {
    /** The words of the line about a check, empty where there is none. */
    String line(String subject, String check) {
      return out.lines()
          .filter(line -> line.contains(subject + " ") && line.contains(" " + check + " "))
          .findFirst()
          .orElse("");
    }
  }

  @TempDir private Path folder;
  private final FakeUpstream upstream = new FakeUpstream();
  private S3Server source;
  private S3Server destination;

  @BeforeEach
  void start() throws IOException {
    source = server("lake");
    destination = server("copy");
    try (ObjectStores store = ObjectStores.from(source.properties())) {
      store.put(METADATA, "{}".getBytes(StandardCharsets.UTF_8));
    }
    upstream.replies(CheckCommandTest::catalog);
  }

  private S3Server server(String bucket) throws IOException {
    S3Server server =
        S3Server.start(Files.createDirectories(folder.resolve(bucket)), bucket, bucket + "-secret");
    server.createBucket(bucket);
    return server;
  }

  @AfterEach
  void stop() {
    upstream.close();
    source.close();
    destination.close();
  }

  /** One namespace with one table. */
  private static Reply catalog(FakeUpstream.Received request) {
    if (request.target().contains("/tables/orders")) {
      return Reply.json(
          200,
          "{\"metadata-location\":\"%s\",\"metadata\":{\"table-uuid\":\"u\"}}".formatted(METADATA));
    }
    if (request.target().contains("/tables")) {
      return Reply.json(200, "{\"identifiers\":[{\"namespace\":[\"sales\"],\"name\":\"orders\"}]}");
    }
    return request.target().contains("parent=")
        ? Reply.json(200, "{\"namespaces\":[]}")
        : Reply.json(200, "{\"namespaces\":[[\"sales\"]]}");
  }

  private static String yaml(Map<String, String> settings) {
    return settings.entrySet().stream()
        .map(entry -> entry.getKey() + ": \"" + entry.getValue() + "\"")
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private String config(String more) {
    return """
        data-dir: data
        sources:
          prod:
            uri: %s
            storage: %s
            allowed-locations: ["s3://lake/"]
        destinations:
          eu:
            root: s3://copy/warehouse
            storage: %s
            retention: { snapshots: forever }
        rules:
          - { source: prod, destinations: [eu] }
        %s
        """
        .formatted(upstream.uri(), yaml(source.properties()), yaml(destination.properties()), more);
  }

  private Ran check(String yaml, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("twinberg.yaml"), yaml);
    List<String> arguments = new ArrayList<>(List.of("check", "--config", file.toString()));
    arguments.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command =
        Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = command.execute(arguments.toArray(String[]::new));
    return new Ran(exitCode, out.toString(), err.toString());
  }

  @Test
  void check_everythingWorks_hasALineEachAndLeavesNothing() throws IOException {
    Ran ran = check(config(""));

    assertThat(ran.exitCode()).as(ran.out() + ran.err()).isZero();
    for (String check : List.of("login and list", "load", "read store", "missing key", "clock")) {
      assertThat(ran.line("source prod", check)).startsWith("ok");
    }
    for (String check : List.of("put", "get", "delete", "missing key", "grants")) {
      assertThat(ran.line("destination eu", check)).startsWith("ok");
    }
    assertThat(ran.line("database", "open")).startsWith("ok");
    assertThat(ran.out()).endsWith("0 failed" + System.lineSeparator());
    try (ObjectStores store = ObjectStores.from(destination.properties())) {
      assertThat(store.list("s3://copy/warehouse")).isEmpty();
    }
  }

  @Test
  void check_databaseAway_saysWhatBecomesOfCommitsThen() throws IOException {
    String explicit =
        config("").replaceFirst("    storage", "    on-log-failure: forward\n    storage");
    assertThat(check(config("")).line("source prod", "database away"))
        .startsWith("ok")
        .contains("commits go on; should");
    assertThat(check(explicit).line("source prod", "database away"))
        .startsWith("ok")
        .contains("commits go on (on-log-failure)");

    try (Database database = Database.embedded(folder.resolve("data"))) {
      new Sources(database).register("prod");
      new Sources(database).noteMetadataLog("prod", false);
    }
    assertThat(check(config("")).line("source prod", "database away"))
        .startsWith("ok")
        .contains("commits are refused, since");
    assertThat(check(explicit).line("source prod", "database away"))
        .startsWith("warn")
        .contains("'reject'");
  }

  @Test
  void check_json_hasTheSameFindings() throws IOException {
    JsonNode body = new ObjectMapper().readTree(check(config(""), "--json").out());

    assertThat(body.path("ok").asBoolean()).isTrue();
    assertThat(body.path("checks").findValuesAsText("subject"))
        .contains("source prod", "destination eu", "database", "management");
  }

  @Test
  void check_wrongSecretAtTheDestination_failsThereWithTheWayOutAndNoSecret() throws IOException {
    Ran ran = check(config("").replace("copy-secret", "another-secret"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.line("destination eu", "put"))
        .startsWith("fail")
        .contains("s3.secret-access-key");
    assertThat(ran.line("source prod", "read store")).startsWith("ok");
    assertThat(ran.out() + ran.err()).doesNotContain("another-secret", "lake-secret");
  }

  @Test
  void check_missingKeyLooksForbidden_saysWhichRightIsMissing() throws IOException {
    source.requests().refuse(Kind.HEAD, 403, "AccessDenied");

    Ran ran = check(config(""));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.line("source prod", "missing key")).startsWith("fail").contains("s3:ListBucket");
  }

  @Test
  void check_sourceRefusesOurIdentity_fails() throws IOException {
    upstream.replies(
        request ->
            Reply.json(
                403, "{\"error\":{\"message\":\"not you\",\"type\":\"Forbidden\",\"code\":403}}"));

    Ran ran = check(config(""));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.line("source prod", "login and list")).startsWith("fail").contains("not you");
    assertThat(ran.line("destination eu", "put")).startsWith("ok");
  }

  @Test
  void check_sourceNotThere_failsAndGoesOn() throws IOException {
    upstream.close();

    Ran ran = check(config(""));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.line("source prod", "login and list")).startsWith("fail");
    assertThat(ran.line("destination eu", "delete")).startsWith("ok");
  }

  @Test
  void check_databaseNotThere_failsAndStillTriesTheRest() throws IOException {
    Ran ran = check(config("database: { url: \"jdbc:postgresql://127.0.0.1:1/none\", user: u }"));

    assertThat(ran.exitCode()).isEqualTo(1);
    assertThat(ran.line("database", "open")).startsWith("fail");
    assertThat(ran.line("source prod", "load")).startsWith("ok");
  }

  @Test
  void check_grants_nameWhoMayAndWhereNobody() throws IOException {
    Ran ran =
        check(config("access: { tokens: [ { name: etl, secret: s, grants: [\"read:eu\"] } ] }"));

    assertThat(ran.exitCode()).isZero();
    assertThat(ran.line("destination eu", "grants")).startsWith("ok").contains("read by etl");
    assertThat(ran.line("management", "grants")).startsWith("warn").contains("manage:viewer");
  }
}
