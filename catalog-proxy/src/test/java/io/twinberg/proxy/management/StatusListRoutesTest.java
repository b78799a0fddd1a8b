package io.twinberg.proxy.management;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.response.ValidatableResponse;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.proxy.testing.DescribedAnswers;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.Lease;
import io.twinberg.replica.ProgressRows;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.ReplicaProgress;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of replicas and summaries of destinations over real HTTP, on whichever database. */
class StatusListRoutesTest extends DatabaseContract {
  private static final DescribedAnswers DESCRIBED = new DescribedAnswers();
  private static final String ALL = "/management/v1/status";
  private static final String STATUS = ALL + "?";

  private ReplicaWorld world;
  private ManagementListener listener;

  @BeforeEach
  void start() {
    world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    listener = new TestingManagement(database, clock).token("eyes", "manage:viewer").start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private ValidatableResponse get(String path) {
    return given()
        .filter(DESCRIBED)
        .baseUri("http://127.0.0.1")
        .port(listener.port())
        .urlEncodingEnabled(false)
        .header("Authorization", "Bearer s-eyes")
        .get(path)
        .then();
  }

  private SourceTable table(String name) {
    return world.table(SOURCE, TableIdentifier.of("sales", "eu", name));
  }

  private Replica publishedAfter(String name, Duration lag) {
    SourceTable table = table(name);
    Replica replica = world.replica(table, "eu");
    TableVersion version = world.commit(table);
    clock.step(lag);
    world.checked(table);
    return world.publish(replica, version, "s3://replica/" + name);
  }

  @Test
  void filtersAndSorts_ofAQuery_areThoseOfTheAnswer() {
    publishedAfter("orders", Duration.ofSeconds(2));
    SourceTable late = table("returns");
    world.replica(late, "us");
    world.commit(late);
    clock.step(Duration.ofMinutes(20));

    get(STATUS + "namespace=sales%1Feu&tablePrefix=or").body("replicas.table", contains("orders"));
    get(STATUS + "tableContains=turn&paused=false").body("replicas.table", contains("returns"));
    get(STATUS + "minLag=20m&lifecycle=active&needsPerson=false")
        .body("replicas.table", contains("returns"))
        .body("counts.pending", is(1))
        .body("counts.completed", is(0));
    get(STATUS + "sort=lag&order=desc").body("replicas.table", contains("returns", "orders"));
    get(STATUS + "sort=lag&order=asc").body("replicas.table", contains("orders", "returns"));
    get(STATUS + "sort=state").body("replicas.table", contains("returns", "orders"));
    get(STATUS + "sort=lastApplied&order=desc")
        .body("replicas.table", contains("orders", "returns"));
  }

  @Test
  void copyThatTakesLong_tellsHowFarItIs_asLongAsItsLeaseIsHeld() {
    SourceTable table = table("orders");
    Replica replica = world.replica(table, "eu");
    world.commit(table);
    Lease lease = world.claim(replica);
    get(ALL).body("replicas[0].state", is("copying")).body("replicas[0].progress", nullValue());
    Instant start = clock.instant();
    new ProgressRows(database)
        .report(
            replica.id(),
            lease,
            new ReplicaProgress(
                1,
                start,
                start.plusSeconds(10),
                0,
                1,
                2,
                OptionalLong.of(8),
                3_000_000_000L,
                OptionalLong.of(9_000_000_000L)));

    get(ALL)
        .body("replicas[0].progress.snapshotsDone", is(0))
        .body("replicas[0].progress.snapshotsTotal", is(1))
        .body("replicas[0].progress.filesDone", is(2))
        .body("replicas[0].progress.filesTotal", is(8))
        .body("replicas[0].progress.bytesDone", is(3_000_000_000L))
        .body("replicas[0].progress.bytesTotal", is(9_000_000_000L))
        .body("replicas[0].progress.bytesPerSecond", is(300_000_000))
        .body("replicas[0].progress.estimatedEnd", is(start.plusSeconds(30).toString()));
    world.release(lease);
    get(ALL).body("replicas[0].progress", nullValue());
  }

  @ParameterizedTest
  @ValueSource(strings = {"name", "state", "lag", "lastApplied"})
  void pages_ofEverySort_coverEveryReplicaOnce(String sort) {
    for (int i = 0; i < 5; i++) {
      publishedAfter("t" + i, Duration.ofSeconds(i));
    }
    List<String> seen = new ArrayList<>();
    String token = "";
    do {
      var page = get(STATUS + "pageSize=2&sort=" + sort + "&pageToken=" + token);
      seen.addAll(page.statusCode(200).extract().jsonPath().getList("replicas.table"));
      token = page.extract().jsonPath().getString("nextPageToken");
    } while (token != null);
    assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4");
  }

  @Test
  void pageToken_ofAnotherFilterOrSort_isABadRequest() {
    publishedAfter("a", Duration.ZERO);
    publishedAfter("b", Duration.ZERO);
    String token = get(STATUS + "pageSize=1").extract().jsonPath().getString("nextPageToken");
    for (String other : List.of("sort=lag", "order=desc", "destination=eu", "paused=false")) {
      get(STATUS + other + "&pageToken=" + token)
          .statusCode(400)
          .body("error.message", containsString("for the same filter and sort"));
    }
    get(STATUS + "pageToken=" + token).statusCode(200).body("replicas.table", contains("b"));
  }

  @ParameterizedTest
  @CsvSource({
    "sort=size,'sort must be one of name, state, lag, lastApplied, not ''size'''",
    "order=up,'order must be one of asc, desc, not ''up'''",
    "paused=yes,'paused must be one of true, false, not ''yes'''",
    "needsPerson=1,'needsPerson must be one of true, false'",
    "lifecycle=dead,'lifecycle must be one of active, source-dropped, unmatched, archived'",
    "minLag=soon,'minLag must be a duration such as 500ms, 10s, 15m, 2h or 90d, not ''soon'''",
    "minLag=-1s,minLag must be a duration",
    "tablePrefix=a%00b,the query must not hold the character U+0000",
    "namespace=%00,the query must not hold the character U+0000"
  })
  void question_thatIsWrong_isABadRequestThatSaysWhy(String query, String message) {
    get(STATUS + query).statusCode(400).body("error.message", containsString(message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"'%20or%201=1--", "%25", "_", "!", "%C3%BC", "%1F", "%5C"})
  void name_withAnyCharacters_isOnlyAName(String text) {
    publishedAfter("orders", Duration.ZERO);
    for (String parameter : List.of("tablePrefix", "tableContains", "namespace")) {
      get(STATUS + parameter + "=" + text).statusCode(200).body("replicas.size()", is(0));
    }
  }

  @Test
  void replica_tellsItsLastReceiptAndWhatToDoAboutAnError() {
    Replica replica = publishedAfter("orders", Duration.ofSeconds(3));
    get("/management/v1/status")
        .body("replicas[0].lastReceipt.position", is(1))
        .body("replicas[0].lastReceipt.files", is(1))
        .body("replicas[0].lastReceipt.bytes", is(1))
        .body("replicas[0].lastReceipt.lagSeconds", is(3.0f))
        .body("replicas[0].lastReceipt.publishedAt", is(clock.instant().toString()))
        .body("replicas[0].lastError", nullValue());
    world.fail(replica, "DESTINATION_DENIED", true);
    get("/management/v1/status")
        .body(
            "replicas[0].lastError.whatToDo", is("correct storage of the destination and restart"));
  }

  @Test
  void destinations_tellLagsOfAnHourAndADayAndTheObjective() {
    publishedAfter("a", Duration.ofSeconds(10));
    publishedAfter("b", Duration.ofMinutes(30));
    clock.step(Duration.ofMinutes(50));
    SourceTable late = table("late");
    world.replica(late, "eu");
    world.commit(late);
    clock.step(Duration.ofMinutes(16));

    get("/management/v1/destinations")
        .body("destinations[0].name", is("eu"))
        .body("destinations[0].lagObjective.seconds", is(900.0f))
        .body("destinations[0].lagObjective.beyondNow", is(true))
        .body("destinations[0].published.hour.versions", is(0))
        .body("destinations[0].published.hour.lagP50Seconds", nullValue())
        .body("destinations[0].published.hour.withinObjective", nullValue())
        .body("destinations[0].published.day.versions", is(2))
        .body("destinations[0].published.day.files", is(2))
        .body("destinations[0].published.day.withinObjective", is(0.5f))
        .body("destinations[1].name", is("us"))
        .body("destinations[1].lagObjective", nullValue())
        .body("destinations[1].published.day.versions", is(0));
  }

  @Test
  void sources_tellLagsOfAnHourAndADayAndHowManyKeptTheObjective() {
    publishedAfter("a", Duration.ofSeconds(10));
    publishedAfter("b", Duration.ofMinutes(30));
    clock.step(Duration.ofMinutes(50));
    SourceTable young = table("young");
    Replica replica = world.replica(young, "us");
    TableVersion version = world.commit(young);
    clock.step(Duration.ofSeconds(10));
    world.publish(replica, version, "s3://replica/young");
    clock.step(Duration.ofSeconds(16));

    get("/management/v1/sources")
        .body("sources[0].name", is("prod"))
        .body("sources[0].published.hour.versions", is(2))
        .body("sources[0].published.hour.withinObjective", is(0.0f))
        .body("sources[0].published.day.versions", is(3))
        .body("sources[0].published.day.files", is(3))
        .body("sources[0].published.day.bytes", is(3))
        .body("sources[0].published.day.lagP50Seconds", closeTo(10.0))
        .body("sources[0].published.day.lagP99Seconds", closeTo(1800.0))
        .body("sources[0].published.day.withinObjective", is(0.5f))
        .body("sources[1].name", is("test"))
        .body("sources[1].published.day.versions", is(0))
        .body("sources[1].published.day.lagP50Seconds", nullValue())
        .body("sources[1].published.day.withinObjective", nullValue());
  }

  /** Lags are kept in steps of a twentieth. */
  private static Matcher<Float> closeTo(double seconds) {
    return both(greaterThan((float) (seconds * 0.95))).and(lessThan((float) (seconds * 1.05)));
  }
}
