package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.twinberg.database.Database;
import io.twinberg.http.PathSegments;
import io.twinberg.log.SourceTable;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.rule.RuleScope;
import io.twinberg.rule.RuleStore;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The routes for rules over real HTTP. */
class RuleRoutesTest {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROD = "/management/v1/sources/prod";
  private static final String CATALOG = PROD + "/replication";
  private static final String SALES = PROD + "/namespaces/sales/replication";
  private static final String ORDERS = PROD + "/namespaces/sales/tables/orders/replication";
  private static final String RULES = "/management/v1/rules";
  private static final String TO_EU = "{\"destinations\":[\"eu\"]}";
  private static final String TO_US = "{\"destinations\":[\"us\"]}";
  private static final String UNKNOWN = "No table that is known is covered";
  private static final String FILE_RULES =
      """
        - { source: prod, namespace: hr, destinations: [eu] }
        - { source: prod, namespace: "tmp_*", destinations: [] }
      """;

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final List<String> changedSources = new ArrayList<>();
  private Database database;
  private ReplicaWorld world;
  private RuleStore store;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    store = new RuleStore(database, clock);
    listener = listener();
  }

  private ManagementListener listener() {
    return new TestingManagement(database, clock)
        .token("eyes", "manage:viewer")
        .token("ops", "manage:operator")
        .token("boss", "manage:admin")
        .fileRules(FILE_RULES)
        .ruleListener((source, difference) -> changedSources.add(source))
        .start();
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private RequestSpecification caller(String token) {
    return given()
        .filter(DESCRIBED)
        .urlEncodingEnabled(false)
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .header("Authorization", "Bearer s-" + token);
  }

  private RequestSpecification boss(String body) {
    return caller("boss").contentType("application/json").body(body);
  }

  private ValidatableResponse put(String path, String body) {
    return boss(body).put(path).then();
  }

  private ValidatableResponse get(String path) {
    return caller("eyes").get(path).then();
  }

  private static String etag(ValidatableResponse response) {
    return response.extract().header("ETag");
  }

  @Test
  void put_newRule_isCreatedAndShownAsItHolds() {
    String etag =
        etag(
            put(
                    SALES,
                    """
                    {"destinations":["eu"],"except":["tmp_*"],"expiry-guard":"hold","status":"enabled"}
                    """)
                .statusCode(201)
                .body("before", nullValue())
                .body("dryRun", is(false))
                .body("after.rule.destinations", contains("eu")));

    get(SALES)
        .statusCode(200)
        .header("ETag", etag)
        .body("source", is("prod"))
        .body("namespace", contains("sales"))
        .body("table", nullValue())
        .body("origin", is("api"))
        .body("etag", is(etag))
        .body("changedBy", is("boss"))
        .body("changedAt", is("2026-03-01T10:00:00Z"))
        .body("shadowed", is(false))
        .body("problem", nullValue())
        .body("rule.status", is("enabled"))
        .body("rule.except", contains("tmp_*"))
        .body("rule.backfill", is("ordered"))
        .body("rule.'expiry-guard'", is("hold"))
        .body("rule.'expiry-hold'", is("15m"));
    assertThat(changedSources).containsExactly("prod");
  }

  @Test
  void rule_shownByGet_canBePutAsItIs() throws Exception {
    put(
        ORDERS,
        """
        {"destinations":["eu"],"expiry-guard":"hold","bandwidth-limit":"2048KiB","status":"disabled"}
        """);
    ValidatableResponse shown = get(ORDERS).body("rule.'bandwidth-limit'", is("2MiB"));
    String rule = shown.extract().jsonPath().getMap("rule").toString();

    boss(JSON.writeValueAsString(shown.extract().jsonPath().getMap("rule")))
        .header("If-Match", etag(shown))
        .put(ORDERS)
        .then()
        .statusCode(200);

    assertThat(get(ORDERS).extract().jsonPath().getMap("rule").toString()).isEqualTo(rule);
  }

  @Test
  void put_withoutIfMatchOverARule_is428WithItsETag() {
    String etag = etag(put(SALES, TO_EU));

    put(SALES, TO_US)
        .statusCode(428)
        .header("ETag", etag)
        .body("error.type", is("PreconditionRequiredException"))
        .body("error.message", containsString("with the ETag " + etag));

    get(SALES).body("rule.destinations", contains("eu"));
  }

  @Test
  void put_withIfMatch_changesTheStateThatWasReadAndNoOther() {
    String first = etag(put(SALES, TO_EU));
    String second = etag(boss(TO_US).header("If-Match", first).put(SALES).then().statusCode(200));
    assertThat(second).isNotEqualTo(first);

    boss(TO_EU)
        .header("If-Match", first)
        .put(SALES)
        .then()
        .statusCode(412)
        .header("ETag", second)
        .body("error.type", is("PreconditionFailedException"))
        .body("error.message", containsString("its ETag is " + second + " now"));
    get(SALES).body("rule.destinations", contains("us"));

    boss(TO_EU).header("If-Match", first + ", " + second).put(SALES).then().statusCode(200);
    boss(TO_US).header("If-Match", "*").put(SALES).then().statusCode(200);
    get(SALES).body("rule.destinations", contains("us"));
  }

  @Test
  void put_ofARuleThatIsGone_is412() {
    String etag = etag(put(SALES, TO_EU));
    caller("boss").header("If-Match", etag).delete(SALES).then().statusCode(200);

    for (String match : List.of(etag, "*")) {
      boss(TO_EU)
          .header("If-Match", match)
          .put(SALES)
          .then()
          .statusCode(412)
          .body("error.message", containsString("there is no rule for namespace sales of prod"));
    }
    get(SALES).statusCode(404);
  }

  @Test
  void put_withIfNoneMatch_onlyCreates() {
    boss(TO_EU).header("If-None-Match", "*").put(SALES).then().statusCode(201);
    boss(TO_US).header("If-None-Match", "*").put(SALES).then().statusCode(412);
    get(SALES).body("rule.destinations", contains("eu"));
  }

  /** A recreated rule must not be taken for the one that was deleted. */
  @Test
  void etag_ofARuleMadeAgain_isAnother() {
    String first = etag(put(SALES, TO_EU));
    caller("boss").header("If-Match", first).delete(SALES).then().statusCode(200);
    put(SALES, TO_EU).statusCode(201);

    boss(TO_US).header("If-Match", first).put(SALES).then().statusCode(412);
  }

  @ParameterizedTest
  @ValueSource(strings = {"7", "\"7", "x, \"7\"", "\"7\" \"8\"", ""})
  void put_withAMalformedIfMatch_isRefused(String match) {
    put(SALES, TO_EU);
    boss(TO_US)
        .header("If-Match", match)
        .put(SALES)
        .then()
        .statusCode(400)
        .body("error.message", containsString("If-Match must be * or the ETag"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"W/\"1\"", "\"x\"", "\"99999999999999999999\"", "\"' or 1=1 --\""})
  void put_withAnETagThatIsNotOurs_isStale(String match) {
    put(SALES, TO_EU);
    boss(TO_US).header("If-Match", match).put(SALES).then().statusCode(412);
  }

  @Test
  void delete_removesTheRuleAndShowsIt() {
    caller("boss")
        .delete(SALES)
        .then()
        .statusCode(404)
        .body("error.message", containsString("no rule for exactly namespace sales of prod"));
    String etag = etag(put(SALES, TO_EU));
    caller("boss").delete(SALES).then().statusCode(428).header("ETag", etag);
    caller("boss").header("If-Match", "\"0\"").delete(SALES).then().statusCode(412);

    caller("boss")
        .header("If-Match", etag)
        .delete(SALES)
        .then()
        .statusCode(200)
        .body("before.rule.destinations", contains("eu"))
        .body("after", nullValue());

    get(SALES).statusCode(404);
    assertThat(store.all().rules()).isEmpty();
  }

  @Test
  void ruleOfTheFile_isShownAndNotChanged() {
    String hr = PROD + "/namespaces/hr/replication";
    get(hr)
        .statusCode(200)
        .body("origin", is("file"))
        .body("definedIn", is("rules[0] of twinberg.yaml"))
        .body("etag", nullValue())
        .body("rule.destinations", contains("eu"));
    put(hr, TO_US)
        .statusCode(409)
        .body("error.message", containsString("is rules[0] of twinberg.yaml, which only the file"));
    boss(TO_US).header("If-Match", "*").put(hr).then().statusCode(409);
    caller("boss").delete(hr).then().statusCode(409);
    assertThat(store.all().rules()).isEmpty();
  }

  @Test
  void ruleThatTheFileHasLater_isShadowedAndOnlyShown() {
    put(SALES, TO_US).statusCode(201);
    listener.close();
    listener =
        new TestingManagement(database, clock)
            .token("eyes", "manage:viewer")
            .token("boss", "manage:admin")
            .fileRules("  - { source: prod, namespace: sales, destinations: [eu] }\n")
            .start();

    get(SALES).body("origin", is("file")).body("rule.destinations", contains("eu"));
    get(RULES)
        .body("rules.origin", contains("api", "file"))
        .body("rules.shadowed", contains(true, false));
    put(SALES, TO_US).statusCode(409);
  }

  @Test
  void rules_surviveARestart() {
    String etag = etag(put(ORDERS, "{\"destinations\":[\"us\"],\"status\":\"disabled\"}"));
    listener.close();
    listener = listener();
    get(ORDERS)
        .statusCode(200)
        .header("ETag", etag)
        .body("rule.destinations", contains("us"))
        .body("rule.status", is("disabled"));
  }

  /** Another version of Twinberg, or a file that was changed, must not make wider rules copy it. */
  @Test
  void ruleThatCannotDoWhatItSays_tellsWhy() {
    put(SALES, TO_US);
    put(ORDERS, TO_US);
    sql(
        "update replication_rule set body = '{\"destinations\":[\"gone\",\"us\"]}' where name is null");
    sql("update replication_rule set body = '{\"destinatons\":[\"us\"]}' where name is not null");
    listener.close();
    listener = listener();

    get(SALES).body("problem", containsString("no destination 'gone' any more; there are: eu, us"));
    get(ORDERS)
        .body("problem", containsString("destinatons: unknown key"))
        .body("rule.destinations", empty());
  }

  private void sql(String statement) {
    database.jdbi().useHandle(handle -> handle.execute(statement));
  }

  @Test
  void list_isOrderedFilteredAndPaged() {
    put(ORDERS, TO_EU);
    put(SALES, TO_EU);
    put(CATALOG, TO_EU);
    put("/management/v1/sources/test/replication", TO_US);

    get(RULES)
        .statusCode(200)
        .body("rules", hasSize(6))
        .body("rules.source", contains("prod", "prod", "prod", "prod", "prod", "test"))
        .body("rules.namespace[0]", nullValue())
        .body("rules.namespace[1]", contains("hr"))
        .body("rules.table[3]", is("orders"))
        .body("nextPageToken", nullValue());
    get(RULES + "?source=test").body("rules", hasSize(1)).body("rules[0].origin", is("api"));
    String next =
        get(RULES + "?pageSize=4").body("rules", hasSize(4)).extract().path("nextPageToken");
    get(RULES + "?pageSize=4&pageToken=" + next)
        .body("rules", hasSize(2))
        .body("rules.source", contains("prod", "test"))
        .body("nextPageToken", nullValue());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "source=prd|did you mean 'prod'?",
        "sorce=prod|there is no parameter 'sorce'; did you mean 'source'?",
        "pageSize=0|pageSize must be 1 to 1000",
        "pageSize=1001|pageSize must be 1 to 1000",
        "pageSize=ten|pageSize must be 1 to 1000",
        "pageToken=x|is not one that this API gave",
        "pageToken=WzFd|is not one that this API gave",
        "pageToken=bnVsbA|is not one that this API gave",
        "pageToken=W251bGwsbnVsbCxudWxsLG51bGxd|is not one that this API gave"
      })
  void list_badQuestion_isRefusedWithTheReason(String query, String message) {
    get(RULES + "?" + query).statusCode(400).body("error.message", containsString(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|no JSON",
        "[]|must be a JSON object",
        "null|must be a JSON object",
        "{} {}|no JSON",
        "{\"destinations\":[\"eu\"],\"destinations\":[]}|Duplicate field 'destinations'",
        "{}|'destinations' is missing; it must be written",
        "{\"destinations\":\"eu\"}|destinations: must be a list of names",
        "{\"destinations\":[7.5]}|must be a name",
        "{\"destinations\":[null]}|destinations[0]: has no value",
        "{\"destinations\":[\"eux\"]}|there is no destination 'eux'; did you mean 'eu'? There are: eu, us",
        "{\"destinatons\":[\"eu\"]}|destinatons: unknown key; did you mean 'destinations'?",
        "{\"destinations\":[\"eu\"],\"source\":\"prod\"}|source: the path says what the rule covers",
        "{\"destinations\":[\"eu\"],\"table\":\"t\"}|table: the path says",
        "{\"destinations\":[\"eu\"],\"status\":\"on\"}|status: must be enabled or disabled, not \"on\"",
        "{\"destinations\":[\"eu\"],\"status\":true}|status: must be enabled or disabled, not true",
        "{\"destinations\":[\"eu\"],\"status\":null}|status: must be enabled or disabled",
        "{\"destinations\":[\"eu\"],\"backfill\":\"fast\"}|backfill: must be ordered or heads-first, not 'fast'",
        "{\"destinations\":[\"eu\"],\"except\":[\"a***\"]}|except[0]: must be a glob",
        "{\"destinations\":[\"eu\"],\"expiry-hold\":\"1h\"}|'expiry-hold' has no effect without",
        "{\"destinations\":[\"eu\"],\"expiry-guard\":\"hold\",\"expiry-hold\":\"soon\"}|expiry-hold: must be",
        "{\"destinations\":[\"eu\"],\"bandwidth-limit\":\"1KiB\"}|bandwidth-limit: must be at least 64KiB a second, or copies would hardly end, not '1KiB'",
        "{\"destinations\":[\"eu\"],\"bandwidth-limit\":1048576}|bandwidth-limit: must be a size such as 512KiB, 64MiB or 2GiB, not '1048576'",
        "{\"destinations\":[\"eu\"],\"bandwidth-limit\":null}|bandwidth-limit: has no value",
        "{\"destinations\":[],\"bandwidth-limit\":\"1MiB\"}|settings for replicas have no effect without destinations",
        "{\"destinations\":[\"eu\"],\"except\":[\"${file:/etc/passwd}\"]}|references with ${...} are for the file alone",
        "{\"destinations\":[\"${env:HOME}\"]}|references with ${...} are for the file alone"
      })
  void put_badBody_isRefusedWithTheKeyAndTheReason(String body, String message) {
    put(SALES, body).statusCode(400).body("error.message", containsString(message));
    assertThat(store.all().rules()).isEmpty();
    assertThat(changedSources).isEmpty();
  }

  @Test
  void put_bodyThatIsNoUnicode_isRefused() {
    boss("")
        .body(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})
        .put(SALES)
        .then()
        .statusCode(400);
    put(SALES, "{\"destinations\":[\"eu\"],\"except\":[\"\\ud800\"]}").statusCode(400);
  }

  @Test
  void put_bodyTooLarge_is413() {
    String except = "\"" + "x".repeat(1000) + "\",";
    put(SALES, "{\"destinations\":[\"eu\"],\"except\":[" + except.repeat(70) + "\"y\"]}")
        .statusCode(413)
        .body("error.message", is("a rule is at most 65,536 bytes long"));
    put(SALES, "{\"x\":\"" + "x".repeat(2 << 20) + "\"}")
        .statusCode(413)
        .body("error.message", containsString("is too large"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/octet-stream", "application/jsonx"})
  void put_notAsJson_is415(String type) {
    caller("boss")
        .config(
            RestAssuredConfig.config()
                .encoderConfig(
                    EncoderConfig.encoderConfig().encodeContentTypeAs(type, ContentType.TEXT)))
        .contentType(type)
        .body(TO_EU)
        .put(SALES)
        .then()
        .statusCode(415)
        .body("error.type", is("UnsupportedMediaTypeException"))
        .body("error.message", containsString("Content-Type: application/json"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/management/v1/sources/prd/replication|404|There is no source 'prd'; did you mean 'prod'? There are: prod, test",
        "/management/v1/sources/prod'--/replication|404|There is no source 'prod'--'",
        "/management/v1/sources/prod/namespaces/tmp_*/replication|400|covers one namespace by its exact name",
        "/management/v1/sources/prod/namespaces/a/tables/t%3F/replication|400|covers one table by its exact name",
        "/management/v1/sources/prod/namespaces/a%1F/replication|400|the name of a namespace has 1 to",
        "/management/v1/sources/prod/namespaces/a/tables/t%07/replication|400|no control characters",
        "/management/v1/sources/prod/namespaces/%ff/replication|400|does not decode to UTF-8"
      })
  void path_thatNamesNothing_isRefused(String path, int status, String message) {
    put(path, TO_EU).statusCode(status).body("error.message", containsString(message));
    get(path).statusCode(status).body("error.message", containsString(message));
    caller("boss").delete(path).then().statusCode(status);
  }

  /** Names are data: whatever they hold, they come back as they went in and touch nothing else. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "t",
        "tab le",
        "a.b",
        "ünï-çødé-日本-🧊",
        "x'; drop table replication_rule; --",
        "\"quoted\"",
        "<script>alert(1)</script>",
        "%31",
        "a/b",
        "$HOME",
        ".."
      })
  void names_ofAnyKind_areKeptAsTheyAre(String name) {
    String table = PathSegments.encode(name);
    String path =
        PROD
            + "/namespaces/"
            + PathSegments.joinLevels(List.of("n", "ü", "c.d"), "%1F")
            + "/tables/"
            + table
            + "/replication";
    put(path, TO_EU).statusCode(201).body("after.table", is(name));

    get(path).statusCode(200).body("table", is(name)).body("namespace", contains("n", "ü", "c.d"));
    assertThat(store.all().rules())
        .extracting(rule -> rule.scope())
        .containsExactly(
            RuleScope.table("prod", TableIdentifier.of(Namespace.of("n", "ü", "c.d"), name)));
    caller("boss").header("If-Match", "*").delete(path).then().statusCode(200);
  }

  @Test
  void roles_viewersReadAndOnlyAdminsChange() {
    for (String token : List.of("eyes", "ops")) {
      caller(token)
          .contentType("application/json")
          .body(TO_EU)
          .put(SALES)
          .then()
          .statusCode(403)
          .body("error.message", is("The token " + token + " lacks the grant manage:admin."));
      caller(token).delete(SALES).then().statusCode(403);
      caller(token).get(RULES).then().statusCode(200);
    }
    given().baseUri("http://127.0.0.1").port(listener.port()).get(RULES).then().statusCode(401);
    given()
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .contentType("application/json")
        .body(TO_EU)
        .put(SALES)
        .then()
        .statusCode(401);
    boss(TO_EU).post(SALES).then().statusCode(405);
    assertThat(store.all().rules()).isEmpty();
  }

  @Test
  void dryRun_saysWhatWouldHappenAndChangesNothing() {
    world.table("prod", TableIdentifier.of("sales", "orders"));

    put(SALES + "?dry-run=true", TO_EU)
        .statusCode(200)
        .header("ETag", nullValue())
        .body("dryRun", is(true))
        .body("effects.destinations.eu.begin", is(1));
    put(SALES + "?dry-run=yes", TO_EU)
        .statusCode(400)
        .body("error.message", containsString("dry-run must be true or false, not 'yes'"));
    put(SALES + "?dryrun=true", TO_EU)
        .statusCode(400)
        .body("error.message", containsString("no parameter 'dryrun'; did you mean 'dry-run'?"));

    get(SALES).statusCode(404);
    assertThat(changedSources).isEmpty();
    String etag = etag(put(SALES, TO_EU).statusCode(201));
    put(SALES + "?dry-run=true", TO_US).statusCode(428);
    caller("boss")
        .header("If-Match", etag)
        .delete(SALES + "?dry-run=true")
        .then()
        .statusCode(200)
        .body("before.etag", is(etag));
    get(SALES).statusCode(200);
  }

  @Test
  void effects_tellWhatBeginsStopsMovesAndGoesOn() {
    SourceTable orders = world.table("prod", TableIdentifier.of("sales", "orders"));
    world.table("prod", TableIdentifier.of("sales", "items"));
    world.table("prod", TableIdentifier.of("other", "t"));
    world.table("test", TableIdentifier.of("sales", "orders"));
    Replica replica = world.replica(orders, "eu");

    put(SALES, TO_EU)
        .body("effects.tables", is(2))
        .body("effects.destinations.eu.begin", is(1))
        .body("effects.destinations.eu.stay", is(1))
        .body(
            "effects.sentences",
            contains("1 replica at eu begins: all that is there is copied to it."));
    boss(TO_US)
        .header("If-Match", "*")
        .put(SALES)
        .then()
        .body("effects.destinations.us.begin", is(2))
        .body("effects.destinations.eu.stop", is(1))
        .body(
            "effects.sentences",
            contains(
                "1 table goes to us instead of eu.",
                "1 replica at eu is no longer updated; it stays readable.",
                "2 replicas at us begin: all that is there is copied to them."));
    new Replicas(database, clock).unmatched(replica.id());
    boss("{\"destinations\":[\"eu\"],\"except\":[\"items\"]}")
        .header("If-Match", "*")
        .put(SALES)
        .then()
        .body("effects.destinations.eu.resume", is(1))
        .body("effects.sentences", contains("1 replica at eu goes on where it stands."));
  }

  private void assertSentence(ValidatableResponse changed, String sentence) {
    changed.body("effects.tables", is(0)).body("effects.sentences", contains(sentence));
  }

  @Test
  void effects_noTableIsKnownYet_tellWhetherNewOnesAreCopied() {
    assertSentence(
        put(SALES, "{\"destinations\":[\"eu\",\"us\"]}"),
        UNKNOWN + "; new ones are copied to eu and us as they appear.");
    assertSentence(
        boss("{\"destinations\":[\"eu\"],\"status\":\"disabled\"}")
            .header("If-Match", "*")
            .put(SALES)
            .then(),
        UNKNOWN + ", and new ones are not copied: the rule is disabled.");
    assertSentence(
        boss("{\"destinations\":[]}").header("If-Match", "*").put(SALES).then(),
        UNKNOWN + ", and new ones are not copied: the rule has no destinations.");
    assertSentence(put(ORDERS, TO_US), UNKNOWN + "; new ones are copied to us as they appear.");
    assertSentence(put(CATALOG, TO_EU), UNKNOWN + "; new ones are copied to eu as they appear.");
  }

  @Test
  void effects_deletedRuleThatCoveredNoKnownTable_tellWhatTakesItsPlace() {
    put(CATALOG, TO_EU).statusCode(201);
    put(SALES, TO_US).statusCode(201);
    put(ORDERS, TO_US).statusCode(201);

    assertSentence(
        caller("boss").header("If-Match", "*").delete(SALES + "?dry-run=true").then(),
        UNKNOWN + "; new ones are copied to eu as they appear, by the next wider rule.");
    assertSentence(
        deleted(ORDERS),
        UNKNOWN + "; new ones are copied to us as they appear, by the next wider rule.");
    boss("{\"destinations\":[\"eu\"],\"status\":\"disabled\"}")
        .header("If-Match", "*")
        .put(CATALOG)
        .then()
        .statusCode(200);
    assertSentence(
        deleted(SALES),
        UNKNOWN
            + ", and new ones are not copied: the next wider rule is disabled or has no destinations.");
    assertSentence(
        deleted(CATALOG), UNKNOWN + ", and new ones are not copied: no other rule covers them.");
  }

  private ValidatableResponse deleted(String rule) {
    return caller("boss").header("If-Match", "*").delete(rule).then().statusCode(200);
  }

  /** What is switched off is off, whatever a wider rule says; to have that one, it is deleted. */
  @Test
  void disabledRule_stillReplacesWiderOnes() {
    SourceTable orders = world.table("prod", TableIdentifier.of("sales", "orders"));
    put(CATALOG, TO_EU);
    world.replica(orders, "eu");

    put(ORDERS, "{\"destinations\":[\"eu\"],\"status\":\"disabled\"}")
        .statusCode(201)
        .body("effects.destinations.eu.stop", is(1))
        .body("effects.sentences", hasItem(containsString("stays readable")));
    caller("boss")
        .header("If-Match", "*")
        .delete(ORDERS)
        .then()
        .body("effects.destinations.eu.stop", is(0));
  }

  @Test
  void collision_ofTwoSources_isRefusedWithBothTablesAndTheWayOut() {
    world.table("prod", TableIdentifier.of("sales", "orders"));
    world.table("test", TableIdentifier.of("sales", "orders"));
    put(SALES, TO_EU).statusCode(201);
    String test = "/management/v1/sources/test/replication";

    for (String path : List.of(test, test + "?dry-run=true")) {
      put(path, TO_EU)
          .statusCode(409)
          .body("error.message", containsString("table sales.orders of prod"))
          .body("error.message", containsString("table sales.orders of test"))
          .body("error.message", containsString("sales.orders at destination eu"))
          .body("error.message", containsString("namespace-mapping: \"{source}.{namespace}\""));
    }
    get(test).statusCode(404);
    assertThat(changedSources).containsExactly("prod");
    put(test, TO_US).statusCode(201);
    put(
            test.replace("/replication", "/namespaces/sales/replication"),
            "{\"destinations\":[\"eu\"],\"except\":[\"orders\"]}")
        .statusCode(201);
  }

  @Test
  void collision_withAReplicaThatStillStands_isRefused() {
    SourceTable orders = world.table("prod", TableIdentifier.of("sales", "orders"));
    Replica replica = world.replica(orders, "eu");
    new Replicas(database, clock).unmatched(replica.id());
    world.table("test", TableIdentifier.of("sales", "orders"));

    put("/management/v1/sources/test/replication", TO_EU)
        .statusCode(409)
        .body("error.message", containsString("leave one out with 'except'"))
        .body("error.message", not(containsString("gone")));
    put(SALES, TO_EU).statusCode(201).body("effects.destinations.eu.resume", is(1));
  }

  @Test
  void rules_asManyAsThereMayBe_areNotExceeded() {
    sql(
        """
        insert into replication_rule (source, scope_hash, namespace, name, enabled, body, revision, changed_by, changed_at)
        select 'prod', 'h' || n, '["n' || n || '"]', null, true, '{"destinations":[]}', n, 'boss', current_timestamp
        from (select row_number() over () as n from information_schema.columns a
              cross join information_schema.columns b limit 1000) numbers
        """);
    sql("update rule_revision set revision = 5000");
    put(SALES, TO_EU)
        .statusCode(409)
        .body("error.message", containsString("there are 1,000 rules"));
    boss(TO_EU)
        .header("If-Match", "*")
        .put(PROD + "/namespaces/n1/replication")
        .then()
        .statusCode(200);
  }
}
