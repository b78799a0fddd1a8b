package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark works on Nessie through Twinberg, and a replica holds what Nessie itself forgets. */
@Tag("nessie")
class NessieIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int COMMITS = 30;

  @TempDir private static Path folder;

  private static NessieUnderTest nessie;

  private final SparkProcess spark = SparkProcess.shared();

  @BeforeAll
  static void start() {
    nessie = NessieUnderTest.start(folder);
  }

  @AfterAll
  static void stop() {
    if (nessie != null) {
      nessie.close();
    }
  }

  @BeforeEach
  void openSession() {
    spark.session(source(nessie), nessie.twinberg().replicas());
  }

  private static SparkCatalog source(NessieUnderTest nessie) {
    return nessie
        .twinberg()
        .source(nessie.stores().source())
        // Nessie lists no endpoints; a client takes it for one without views, unless told so.
        .with("view-endpoints-supported", "true");
  }

  @Test
  void replica_ofTableWhoseMetadataShowsOneSnapshot_holdsEveryCommit() {
    SampleTable table = SampleTable.create(spark, "forgetful", "t", 2);
    List<Long> snapshots = new ArrayList<>();
    for (int i = 1; i <= COMMITS; i++) {
      table.insert(i);
      snapshots.add(currentSnapshot("forgetful", "t"));
    }

    TableHistory source =
        nessie.twinberg().reads(Setup.SOURCE).history("forgetful", "t").orElseThrow();
    assertThat(source.snapshots()).hasSize(1); // otherwise this test would show nothing
    TableHistory replica = awaitSequence("forgetful", "t", source.lastSequenceNumber());

    assertThat(replica.uuid()).isEqualTo(source.uuid());
    assertThat(replica.snapshots())
        .extracting(TableHistory.Snapshot::id)
        .containsExactlyElementsOf(snapshots);
    for (int i = 0; i < snapshots.size(); i++) {
      assertThat(
              spark.value("SELECT count(*) FROM eu.forgetful.t VERSION AS OF " + snapshots.get(i)))
          .isEqualTo(2L * (i + 1));
    }
    assertThat(rows("eu.forgetful.t")).isEqualTo(rows("lake.forgetful.t"));
    // So that no commit passes while the database is away.
    assertThat(nessie.twinberg().rows("source"))
        .extracting(row -> row.get("keeps_metadata_log"))
        .containsExactly(false);
  }

  /** Each is looked at before the next: of two between looks Nessie shows only the second. */
  @Test
  void commits_madeDirectlyAtNessie_areNoticedAndReplicated() {
    SampleTable.create(spark, "direct", "t", 2).insert(1);
    spark.session(
        source(nessie),
        nessie.twinberg().replicas(),
        SparkCatalog.of("nessie", nessie.nessie().uri())
            .withStorage(nessie.stores().source().properties()));
    for (int i = 2; i <= 4; i++) {
      spark.run("INSERT INTO nessie.direct.t VALUES (%d, 'eu', 0.5)".formatted(i));
      TableHistory source =
          nessie.twinberg().reads(Setup.SOURCE).history("direct", "t").orElseThrow();
      assertThat(awaitSequence("direct", "t", source.lastSequenceNumber()).snapshots()).hasSize(i);
    }
    assertThat(rows("eu.direct.t")).isEqualTo(rows("lake.direct.t")).hasSize(5);
  }

  @Test
  void table_changedInEveryWay_isReadAndReplicated() {
    SampleTable table = SampleTable.create(spark, "changes", "t", 2);
    table.insert(1);
    table.alter("ADD COLUMN note STRING");
    table.insertWithNote(2);
    table.alter("RENAME COLUMN amount TO price");
    table.alter("REPLACE PARTITION FIELD region WITH bucket(4, id)");
    table.insertWithNote(3);
    spark.run("CREATE TABLE lake.changes.copy USING iceberg AS SELECT * FROM lake.changes.t");

    long sequence =
        nessie
            .twinberg()
            .reads(Setup.SOURCE)
            .history("changes", "t")
            .orElseThrow()
            .lastSequenceNumber();
    awaitSequence("changes", "t", sequence);
    awaitSequence("changes", "copy", 1);

    assertThat(rows("lake.changes.t")).hasSize(6);
    assertThat(rows("eu.changes.t")).isEqualTo(rows("lake.changes.t"));
    assertThat(rows("eu.changes.copy")).isEqualTo(rows("lake.changes.t"));
  }

  /**
   * Nessie answers a commit with a link into its own API in place of the metadata's location, and
   * with the file's location to a load: one version under two names.
   */
  @Test
  void commit_answeredWithALinkInPlaceOfAFile_isLoggedOnce() {
    SampleTable table = SampleTable.create(spark, "linked", "t", 2);
    table.insert(1);
    table.insert(2);
    awaitSequence("linked", "t", 2);
    SampleTable.create(spark, "linked", "later", 2); // its replica was made after two sweeps' time
    awaitSequence("linked", "later", 0);

    assertThat(nessie.twinberg().rows("table_version"))
        .extracting(row -> String.valueOf(row.get("metadata_location")))
        .filteredOn(location -> location.contains("linked") && location.contains("/t"))
        .hasSize(3);
    assertThat(nessie.twinberg().rows("replica"))
        .filteredOn(row -> "archived".equalsIgnoreCase(String.valueOf(row.get("lifecycle"))))
        .isEmpty();
  }

  @Test
  void view_createdThroughTheProxy_isReadAndReplacedAndDropped() {
    spark.run(
        "CREATE NAMESPACE lake.viewed",
        "CREATE TABLE lake.viewed.t (id BIGINT) USING iceberg",
        "INSERT INTO lake.viewed.t VALUES (1), (2)",
        "CREATE VIEW lake.viewed.v AS SELECT id + 1 AS next FROM lake.viewed.t");
    assertThat(rows("lake.viewed.v")).containsExactly(List.of(2L), List.of(3L));

    spark.run("CREATE OR REPLACE VIEW lake.viewed.v AS SELECT max(id) AS top FROM lake.viewed.t");
    assertThat(rows("lake.viewed.v")).containsExactly(List.of(2L));
    assertThat(spark.rows("SHOW VIEWS IN lake.viewed")).hasSize(1);

    spark.run("DROP VIEW lake.viewed.v");
    assertThat(spark.rows("SHOW VIEWS IN lake.viewed")).isEmpty();
  }

  @Test
  void table_upgradedToFormat3_isRefusedAndGoesOnAsItWas() {
    SampleTable table = SampleTable.create(spark, "upgrades", "t", 2);
    table.insert(1);

    // Nessie answers 500, so that nobody can know what became of the commit.
    assertThat(
            spark.error("ALTER TABLE lake.upgrades.t SET TBLPROPERTIES ('format-version' = '3')"))
        .asString()
        .contains("CommitStateUnknown");

    table.insert(2);
    awaitSequence("upgrades", "t", 2);
    assertThat(rows("eu.upgrades.t")).isEqualTo(rows("lake.upgrades.t")).hasSize(4);
  }

  @Test
  void client_ofAProxyThatHasEnded_hasNotLearntTheWayToNessie(@TempDir Path own) {
    NessieUnderTest ended = NessieUnderTest.start(own);
    try {
      spark.session(source(ended).with("rest.client.max-retries", "1"));
      SampleTable table = SampleTable.create(spark, "loyal", "t", 2);
      table.insert(1);
      ended.twinberg().close();

      assertThat(ended.direct().load("loyal", "t").statusCode())
          .as("Nessie without its prefix; with it below")
          .isEqualTo(404);
      assertThat(ended.direct().get("/v1/main/namespaces/loyal/tables/t").statusCode())
          .isEqualTo(200);
      assertThat(spark.error("SELECT * FROM lake.loyal.t").type()).endsWith("RESTException");
    } finally {
      ended.nessie().close();
      ended.stores().close();
    }
  }

  private List<List<Object>> rows(String table) {
    return spark.rows("SELECT * FROM " + table + " ORDER BY 1");
  }

  private long currentSnapshot(String namespace, String table) {
    return nessie
        .twinberg()
        .reads(Setup.SOURCE)
        .history(namespace, table)
        .orElseThrow()
        .snapshots()
        .iterator()
        .next()
        .id();
  }

  private static TableHistory awaitSequence(String namespace, String table, long sequence) {
    return await("replica of " + namespace + "." + table)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> nessie.twinberg().reads(Setup.DESTINATION).history(namespace, table),
            found -> found.map(TableHistory::lastSequenceNumber).equals(Optional.of(sequence)))
        .orElseThrow();
  }
}
