package io.twinberg.command;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.swagger.v3.parser.OpenAPIV3Parser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import io.twinberg.command.demo.Demo;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.proxy.management.ManagedRoute;
import io.twinberg.proxy.testing.ApiDescription;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.DescribedCall;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The description of the management API is valid, and what a whole server does. */
class ApiDescriptionTest {
  private static final String OPERATIONS = "/management/v1/operations";
  private static final String TOKENS = "/management/v1/tokens";
  private static final String AUDIT = "/management/v1/audit";
  private static final String CATALOG = "/management/v1/sources/main";
  private static final String ORDERS = CATALOG + "/namespaces/shop/tables/orders";

  @TempDir private static Path folder;
  private static TwinbergServer server;

  private final ApiDescription description = ApiDescription.read();

  @BeforeAll
  static void startWithTables() throws Exception {
    TwinbergConfig config =
        ConfigLoader.parse(
            "server: { port: 0 }\nmanagement: { port: 0 }\n",
            folder,
            Map.<String, String>of()::get);
    server = TwinbergServer.start(config, EnumSet.allOf(Role.class));
    new Demo(new PrintWriter(Writer.nullWriter()))
        .writeAndFollow("http://127.0.0.1:" + server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RequestSpecification call() {
    return given()
        .baseUri("http://127.0.0.1")
        .port(server.managementPort())
        .contentType("application/json");
  }

  @Test
  void file_isValidOpenApi() throws Exception {
    SwaggerParseResult parsed =
        new OpenAPIV3Parser().readContents(Files.readString(ApiDescription.FILE));

    assertThat(parsed.getMessages()).isEmpty();
    assertThat(parsed.getOpenAPI().getPaths()).hasSameSizeAs(description.root().path("paths"));
  }

  @Test
  void file_isServedToEveryoneAsItIs() throws Exception {
    Response answer = call().get("/management/v1/openapi.yaml");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("application/yaml");
    assertThat(answer.asByteArray()).isEqualTo(Files.readAllBytes(ApiDescription.FILE));
  }

  @Test
  void callsAndRoles_areTheRoutesOfTheServer() {
    Stream<String> described =
        description.calls().stream().map(call -> call + " for " + call.role());

    assertThat(described)
        .containsExactlyInAnyOrderElementsOf(
            server.managementRoutes().stream().map(ApiDescriptionTest::asDescribed).toList());
  }

  private static String asDescribed(ManagedRoute route) {
    String role = route.role().map(least -> least.word()).orElse("none");
    return route.method() + " " + route.path() + " for " + role;
  }

  /** Without a role no token is asked for, and with one every refusal is described. */
  @Test
  void roles_goWithSecurityAndRefusals() {
    description
        .calls()
        .forEach(
            call -> {
              boolean open = call.role().equals("none");
              JsonNode responses = call.described().path("responses");
              assertThat(call.described().path("security").isArray())
                  .as("%s", call)
                  .isEqualTo(open);
              for (String refusal : List.of("401", "403", "429")) {
                assertThat(responses.has(refusal)).as("%s %s", call, refusal).isNotEqualTo(open);
              }
            });
  }

  @Test
  void references_leadSomewhere() {
    List<String> references =
        ApiDescription.all(description.root()).stream()
            .filter(node -> node.path("$ref").isTextual())
            .map(node -> node.path("$ref").asText())
            .toList();

    assertThat(references).isNotEmpty();
    assertThat(references)
        .allSatisfy(
            reference ->
                assertThat(description.root().at(reference.replaceFirst("^#", "")).isObject())
                    .as(reference)
                    .isTrue());
  }

  @Test
  void examples_fitTheirSchemas() {
    List<JsonNode> media =
        ApiDescription.all(description.root()).stream()
            .filter(node -> node.has("schema") && (node.has("example") || node.has("examples")))
            .toList();

    assertThat(media).isNotEmpty();
    for (JsonNode one : media) {
      for (JsonNode example : examples(one)) {
        assertThat(description.problems(one.path("schema"), example.toString()))
            .as("%s", example)
            .isEmpty();
      }
    }
  }

  private static List<JsonNode> examples(JsonNode media) {
    return media.has("example")
        ? List.of(media.path("example"))
        : media.path("examples").findValues("value");
  }

  @Test
  void answersOfEveryCall_areAsDescribed() {
    DescribedAnswers answers = new DescribedAnswers();
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> call().get(ORDERS + "/status").path("replicas[0].state"), "completed"::equals);

    operationsOfEveryKind(answers);
    ruleOfATable(answers);
    refusedWithoutAccess(answers);
    description.calls().stream()
        .filter(call -> call.method().equals("GET") && !call.path().contains("{"))
        .forEach(call -> call().filter(answers).get(call.path()).then().statusCode(200));
    call().filter(answers).get(ORDERS + "/status").then().statusCode(200);
    call().filter(answers).get(AUDIT + "?format=ndjson").then().contentType("application/x-ndjson");

    assertThat(answers.seen())
        .map(answer -> answer.substring(0, answer.lastIndexOf(' ')))
        .containsAll(description.calls().stream().map(DescribedCall::toString).toList());
  }

  private static void operationsOfEveryKind(DescribedAnswers answers) {
    operation(answers, "{\"kind\":\"verify\",\"rows\":\"all\"}");
    operation(
        answers,
        "{\"kind\":\"retry\",\"destination\":\"replica\",\"namespace\":[\"shop\"],\"table\":\"orders\"}");
    operation(answers, "{\"kind\":\"pause\",\"destination\":\"replica\"}");
    call().filter(answers).get(ORDERS + "/status").then().body("replicas[0].paused", is(true));
    operation(answers, "{\"kind\":\"resume\",\"all\":true}");
    operation(answers, "{\"kind\":\"refresh\",\"source\":\"main\"}");
    String id = operation(answers, "{\"kind\":\"resync\",\"destination\":\"replica\"}");
    call().filter(answers).delete(OPERATIONS + "/" + id).then().statusCode(200);
    call()
        .filter(answers)
        .body(
            """
            {"kind":"drop","source":"main","destination":"replica","namespace":["shop"],"table":"orders"}
            """)
        .post(OPERATIONS)
        .then()
        .statusCode(409);
  }

  private static String operation(DescribedAnswers answers, String body) {
    String id = call().filter(answers).body(body).post(OPERATIONS).path("id");
    await()
        .atMost(Duration.ofMinutes(2))
        .until(
            () -> call().filter(answers).get(OPERATIONS + "/" + id).path("state"),
            "completed"::equals);
    return id;
  }

  private static void ruleOfATable(DescribedAnswers answers) {
    String rule = ORDERS + "/replication";
    String body =
        """
        {"destinations":["replica"],"except":["tmp_*"],"priority":7,"bandwidth-limit":"2MiB","expiry-guard":"hold",
         "refs":{"branches":["audit*"],"tags":["eod"]},"retention":{"max-snapshot-age":"90d"}}
        """;
    call().filter(answers).body(body).put(rule + "?dry-run=true").then().statusCode(200);
    call()
        .filter(answers)
        .body(body)
        .put(rule)
        .then()
        .statusCode(201)
        .body("after.rule.priority", is(7))
        .body("after.rule.bandwidth-limit", is("2MiB"))
        .body("after.rule.retention.max-snapshot-age", is("90d"));
    String etag = call().filter(answers).get(rule).then().statusCode(200).extract().header("ETag");
    call().filter(answers).body(body).put(rule).then().statusCode(428).header("ETag", etag);
    call().filter(answers).header("If-Match", etag).delete(rule).then().statusCode(200);
  }

  /** What the rule of the whole catalog in this file, and no access in it, forbid. */
  private static void refusedWithoutAccess(DescribedAnswers answers) {
    call().filter(answers).get(CATALOG + "/replication").then().statusCode(200);
    call()
        .filter(answers)
        .body("{\"destinations\":[]}")
        .put(CATALOG + "/replication")
        .then()
        .statusCode(409);
    call().filter(answers).delete(CATALOG + "/replication").then().statusCode(409);
    String namespace = CATALOG + "/namespaces/shop/replication";
    call().filter(answers).get(namespace).then().statusCode(404);
    call().filter(answers).body("{}").put(namespace).then().statusCode(400);
    call().filter(answers).delete(namespace).then().statusCode(404);
    call()
        .filter(answers)
        .body("{\"name\":\"ci\",\"grants\":[\"read:replica\"]}")
        .post(TOKENS)
        .then()
        .statusCode(409);
    call().filter(answers).get(TOKENS + "/ci").then().statusCode(404);
    call().filter(answers).delete(TOKENS + "/ci").then().statusCode(404);
  }
}
