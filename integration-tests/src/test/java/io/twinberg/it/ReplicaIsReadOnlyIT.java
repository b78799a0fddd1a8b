package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.engine.SparkError;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.replica.Replica;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that a client can ask for changes a replica. */
class ReplicaIsReadOnlyIT {
  private static final String NAMESPACE = "fixed";
  private static final String TABLE = "orders";

  private static final String SCHEMA =
      "{\"type\": \"struct\", \"fields\": [{\"id\": 1, \"name\": \"n\", \"type\": \"long\", \"required\": false}]}";
  private static final String CHANGE =
      "\"requirements\": [], \"updates\": [{\"action\": \"set-properties\", \"updates\": {\"a\": \"b\"}}]";
  private static final String RENAME =
      "{\"source\": {\"namespace\": [\"fixed\"], \"name\": \"orders\"}, \"destination\": {\"namespace\": [\"fixed\"], \"name\": \"taken\"}}";
  private static final String VIEW =
      """
      {"name": "v", "schema": %s, "properties": {}, "view-version": {"version-id": 1, "timestamp-ms": 1,
       "schema-id": 0, "summary": {}, "default-namespace": ["fixed"],
       "representations": [{"type": "sql", "sql": "select 1", "dialect": "spark"}]}}
      """
          .formatted(SCHEMA);

  /** A mutating call of the specification. */
  private record Mutation(String method, String path, String body) {}

  @TempDir private static Path folder;

  private static StorePair stores;
  private static RunningTwinberg twinberg;

  private final SparkProcess spark = SparkProcess.shared();

  @BeforeAll
  static void replicate() {
    stores = StorePair.start(folder);
    twinberg = RunningTwinberg.start(Setup.embedded(folder, stores));
    SparkProcess spark = SparkProcess.shared();
    spark.session(twinberg.source(stores.source()));
    SampleTable table = SampleTable.create(spark, NAMESPACE, TABLE, 2);
    table.insert(1);
    table.insert(2);
    Replicated.awaitCurrent(twinberg, NAMESPACE, TABLE);
    await("pointer object").until(() -> pointerIsWritten(replica()));
  }

  @AfterAll
  static void stop() {
    twinberg.close();
    stores.close();
  }

  @Test
  void restCall_thatMutates_isForbiddenAndChangesNothing() {
    String load = load();
    Map<String, List<?>> rows = rows();
    List<Path> objects = stores.replicated();

    for (String prefix : List.of("/v1", "/v1/eu")) {
      for (Mutation mutation : mutations()) {
        HttpResponse<String> answer =
            twinberg
                .reads(Setup.DESTINATION)
                .call(mutation.method(), prefix + mutation.path(), mutation.body());
        assertForbidden(mutation, answer);
      }
    }

    assertThat(load()).isEqualTo(load);
    assertThat(rows()).isEqualTo(rows);
    assertThat(stores.replicated()).isEqualTo(objects);
  }

  @Test
  void statement_thatMutates_failsInSparkAndChangesNothing() {
    String load = load();
    Map<String, List<?>> rows = rows();
    List<Path> objects = stores.replicated();
    spark.session(twinberg.replicas());
    List<List<Object>> data = spark.rows("SELECT * FROM eu.fixed.orders ORDER BY id");

    statements().forEach(this::assertFails);

    assertThat(spark.rows("SELECT * FROM eu.fixed.orders ORDER BY id")).isEqualTo(data).hasSize(4);
    assertThat(load()).isEqualTo(load);
    assertThat(rows()).isEqualTo(rows);
    // Spark may leave data files of its own behind, for it writes them before it commits.
    assertThat(stores.replicated()).containsAll(objects);
  }

  private static List<Mutation> mutations() {
    String table = "/namespaces/fixed/tables/orders";
    String register = "{\"name\": \"new\", \"metadata-location\": \"s3://replicas/m.json\"}";
    String oneChange =
        "{\"identifier\": {\"namespace\": [\"fixed\"], \"name\": \"orders\"}, " + CHANGE + "}";
    return List.of(
        new Mutation("POST", "/namespaces", "{\"namespace\": [\"more\"]}"),
        new Mutation("DELETE", "/namespaces/fixed", ""),
        new Mutation("POST", "/namespaces/fixed/properties", "{\"updates\": {\"a\": \"b\"}}"),
        new Mutation(
            "POST", "/namespaces/fixed/tables", "{\"name\": \"new\", \"schema\": " + SCHEMA + "}"),
        new Mutation("POST", "/namespaces/fixed/register", register),
        new Mutation("POST", table, "{" + CHANGE + "}"),
        new Mutation("DELETE", table, ""),
        new Mutation("DELETE", table + "?purgeRequested=true", ""),
        new Mutation("POST", table + "/unregister", ""),
        new Mutation("POST", "/tables/rename", RENAME),
        new Mutation("POST", "/transactions/commit", "{\"table-changes\": [" + oneChange + "]}"),
        new Mutation("POST", "/namespaces/fixed/views", VIEW),
        new Mutation("POST", "/namespaces/fixed/views/v", "{" + CHANGE + "}"),
        new Mutation("DELETE", "/namespaces/fixed/views/v", ""),
        new Mutation("POST", "/views/rename", RENAME),
        new Mutation("POST", "/namespaces/fixed/register-view", register));
  }

  private static Stream<String> statements() {
    return Stream.of(
        "INSERT INTO eu.fixed.orders VALUES (9, 'eu', 9.0)",
        "INSERT OVERWRITE eu.fixed.orders VALUES (9, 'eu', 9.0)",
        "DELETE FROM eu.fixed.orders WHERE region = 'eu'",
        "UPDATE eu.fixed.orders SET amount = 0 WHERE id = 1",
        "ALTER TABLE eu.fixed.orders ADD COLUMN more STRING",
        "ALTER TABLE eu.fixed.orders SET TBLPROPERTIES ('a' = 'b')",
        "ALTER TABLE eu.fixed.orders CREATE BRANCH mine",
        "ALTER TABLE eu.fixed.orders RENAME TO eu.fixed.taken",
        "CREATE TABLE eu.fixed.fresh (id BIGINT) USING iceberg",
        "CREATE NAMESPACE eu.more",
        "DROP TABLE eu.fixed.orders",
        "DROP TABLE eu.fixed.orders PURGE",
        "DROP NAMESPACE eu.fixed CASCADE");
  }

  private static void assertForbidden(Mutation mutation, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(mutation.toString()).isEqualTo(403);
    JsonNode error = RestReads.parse(answer.body()).get("error");
    assertThat(error.get("type").textValue()).isEqualTo("ForbiddenException");
    assertThat(error.get("code").intValue()).isEqualTo(403);
    assertThat(error.get("message").textValue())
        .isEqualTo("Catalog eu holds read-only replicas; commit to their source instead.");
  }

  private void assertFails(String statement) {
    SparkError error = spark.error(statement);
    // Spark asks the config first and does not even send what is not served.
    assertThat(error.message()).as(statement).containsAnyOf("does not support endpoint", "403");
  }

  private static String load() {
    HttpResponse<String> answer = twinberg.reads(Setup.DESTINATION).load(NAMESPACE, TABLE);
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  private static Map<String, List<?>> rows() {
    return Stream.of(
            "replica",
            "replica_mapping",
            "receipt",
            "ledger",
            "(select position, metadata_location from table_version)",
            "(select id, state from intent)")
        .collect(Collectors.toMap(table -> table, twinberg::rows));
  }

  private static Replica replica() {
    return twinberg.replica(NAMESPACE, TABLE).orElseThrow();
  }

  private static boolean pointerIsWritten(Replica replica) {
    return replica.pointerGeneration() == replica.generation();
  }
}
