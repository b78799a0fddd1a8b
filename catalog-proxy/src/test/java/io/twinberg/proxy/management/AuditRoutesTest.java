package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.restassured.path.json.JsonPath;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import java.time.Duration;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the audit is read: by whom, filtered and by pages. */
class AuditRoutesTest extends AuditRoutesSuite {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "eu", "orders");

  @ParameterizedTest
  @CsvSource({"'',401", "s-nobody,401", "s-eyes,403", "s-ops,200", "s-boss,200"})
  void audit_isForOperatorsAndAdmins(String token, int status) {
    caller(token).get(AUDIT).then().statusCode(status);
    caller(token).get(AUDIT + "?format=ndjson").then().statusCode(status);
  }

  @Test
  void appliedVersion_isShownWithAllItsFields() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    SourceTable table = world.table("prod", ORDERS);
    Replica replica = world.replica(table, "eu");
    world.publish(replica, world.commit(table), "s3://replica/1.metadata.json");

    JsonPath json =
        get("?source=prod&namespace=sales%1Feu&table=orders&destination=eu&kind=version")
            .statusCode(200)
            .contentType("application/json")
            .body("entries", hasSize(1))
            .body("nextPageToken", nullValue())
            .extract()
            .jsonPath();

    assertThat(json.getMap("entries[0]").keySet())
        .map(Object::toString)
        .containsExactly(
            "id",
            "at",
            "kind",
            "action",
            "actor",
            "source",
            "namespace",
            "table",
            "destination",
            "subject",
            "outcome",
            "details");
    assertThat(json.getString("entries[0].at")).isEqualTo(clock.instant().toString());
    assertThat(json.getString("entries[0].action")).isEqualTo("applied");
    assertThat(json.getString("entries[0].actor")).isNull();
    assertThat(json.getList("entries[0].namespace")).isEqualTo(List.of("sales", "eu"));
    assertThat(json.getString("entries[0].details.metadataLocation"))
        .isEqualTo("s3://replica/1.metadata.json");
    get("?source=test").body("entries", empty());
  }

  @Test
  void pages_areNewestFirst() {
    for (int i = 0; i < 5; i++) {
      append(1, "call " + i + ".");
      clock.step(Duration.ofSeconds(1));
    }
    String next =
        get("?pageSize=3")
            .body("entries.subject", contains("call 4.0", "call 3.0", "call 2.0"))
            .extract()
            .path("nextPageToken");
    append(1, "later");
    get("?pageSize=3&pageToken=" + next)
        .body("entries.subject", contains("call 1.0", "call 0.0"))
        .body("nextPageToken", nullValue());
    get("?since=2026-03-04T05:06:08Z&until=2026-03-04T07:06:09+02:00")
        .body("entries.subject", contains("call 1.0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kind=version2|kind must be one of management, version, operation, access, retention, not"
            + " 'version2'",
        "kind='%20or%201=1|kind must be one of",
        "since=yesterday|since must be a time such as 2026-03-01T10:00:00Z, not 'yesterday'",
        "since=2026-13-01T10:00:00Z|since must be a time",
        "until=%2B1000000000-12-31T23:59:59Z|until must be in the years 1 to 9999",
        "until=-1000000-01-01T00:00:00Z|until must be in the years 1 to 9999",
        "pageToken=x|pageToken 'x' is not one that this API gave",
        "pageToken=_________________________w|is not one that this API gave",
        "pageSize=0|pageSize must be 1 to 1000, not '0'",
        "pageSize=1001|pageSize must be 1 to 1000",
        "pageSize=many|pageSize must be 1 to 1000, not 'many'",
        "table=orders|a table needs its namespace",
        "namespace=a%1F|namespace has an empty level",
        "acter=ops|there is no parameter 'acter'; did you mean 'actor'?",
        "actor=%ff|the query is not URL-encoded",
        "format=csv|format must be json or ndjson, not 'csv'",
        "format=ndjson&pageSize=3|an export has no pages"
      })
  void question_thatIsWrong_isRefusedWithTheReason(String query, String message) {
    get("?" + query).statusCode(400).body("error.message", containsString(message));
  }

  @ParameterizedTest
  @CsvSource({"destination='%3B--", "actor=%F0%9F%90%A6"})
  void question_withOddNames_findsNothing(String query) {
    append(1, "call ");
    get("?" + query).statusCode(200).body("entries", empty());
  }
}
