package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A replica holds every snapshot of its source, and is read when the source is gone. {@code
 * -Dinserts=} writes more of them.
 */
class FirstLightIT {
  private static final String NAMESPACE = "shop";
  private static final int INSERTS = Integer.getInteger("inserts", 8);
  private static final int TAGGED = 5;

  /** A table as the source showed it. */
  private record Written(SampleTable table, TableHistory history, TableRows rows) {}

  @TempDir private Path folder;

  private final SparkProcess spark = SparkProcess.shared();
  private StorePair stores;

  @BeforeEach
  void startStores() {
    stores = StorePair.start(folder);
  }

  @AfterEach
  void stopStores() {
    stores.destination().close();
  }

  @Test
  void replica_ofEmbeddedSourceThatIsGone_showsAllOfIt() {
    try (RunningTwinberg twinberg = RunningTwinberg.start(Setup.embedded(folder, stores))) {
      List<Written> written = write(twinberg);
      stores.source().stop();
      assertReplicas(twinberg, written);
    }
  }

  @Test
  void replica_ofUpstreamThatIsGone_showsAllOfIt() {
    try (FixtureCatalog fixture = upstream();
        RunningTwinberg twinberg =
            RunningTwinberg.start(Setup.upstream(folder, stores, fixture.uri()))) {
      List<Written> written = write(twinberg);
      fixture.stop();
      stores.source().stop();
      assertReplicas(twinberg, written);
    }
  }

  private FixtureCatalog upstream() {
    return FixtureCatalog.start(
        FixtureSettings.onS3(
            folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
  }

  private List<Written> write(RunningTwinberg twinberg) {
    SparkCatalog source = twinberg.source(stores.source());
    spark.session(source);
    List<SampleTable> tables = new ArrayList<>();
    tables.add(written("orders_v2", 2));
    spark.session(
        SparkCatalog.of(Setup.SOURCE, twinberg.base())
            .withWarehouse(Setup.SOURCE)
            .withStorage(stores.source().properties()));
    tables.add(written("orders_v3", 3));
    List<Written> written = tables.stream().map(table -> recorded(twinberg, table)).toList();
    tables.forEach(table -> assertVerified(twinberg, table));
    return written;
  }

  private static void assertVerified(RunningTwinberg twinberg, SampleTable table) {
    JsonNode result = Verification.assertClean(twinberg, NAMESPACE, table.name(), "current");
    JsonNode counts = result.path("reports").path(0).path("counts");
    assertThat(counts.path("rowComparisons").asInt()).isEqualTo(1);
    assertThat(counts.path("manifestsCompared")).isEqualTo(counts.path("manifests"));
  }

  private SampleTable written(String name, int format) {
    SampleTable table = SampleTable.create(spark, NAMESPACE, name, format);
    inserts(1, 3).forEach(table::insert);
    table.alter("ADD COLUMN note STRING");
    inserts(4, TAGGED).forEach(table::insertWithNote);
    table.alter("CREATE TAG tagged");
    table.alter("CREATE BRANCH audit");
    table.alter("RENAME COLUMN amount TO price");
    inserts(6, 7).forEach(table::insertWithNote);
    table.alter("REPLACE PARTITION FIELD region WITH bucket(4, id)");
    table.alter("DROP COLUMN note");
    inserts(8, INSERTS).forEach(table::insert);
    table.insertIntoBranch("audit", 100);
    table.insertIntoBranch("audit", 101);
    return table;
  }

  private static IntStream inserts(int first, int last) {
    return IntStream.rangeClosed(first, last);
  }

  private Written recorded(RunningTwinberg twinberg, SampleTable table) {
    TableHistory history = Replicated.awaitCurrent(twinberg, NAMESPACE, table.name());
    assertThat(history.snapshots()).hasSize(INSERTS + 2);
    assertThat(history.refs()).containsOnlyKeys("main", "tagged", "audit");
    TableRows rows = table.rowsAtSource(history);
    assertThat(rows.byVersion()).hasSize(INSERTS + 2 + 3);
    assertThat(rows.byVersion().get("main")).hasSize(2 * INSERTS);
    assertThat(rows.byVersion().get("audit")).hasSize(2 * (TAGGED + 2));
    // The rows of format 3 bear their ids, so that comparing rows compares these too.
    assertThat(
            rows.byVersion().get("main").stream().anyMatch(row -> row.contains("\"_row_id\":0,")))
        .isEqualTo(table.format() == 3);
    return new Written(table, history, rows);
  }

  private void assertReplicas(RunningTwinberg twinberg, List<Written> written) {
    spark.session(twinberg.replicas());
    written.forEach(one -> assertReplica(twinberg, one));
    spark.session(
        SparkCatalog.of(Setup.DESTINATION, twinberg.base()).withWarehouse(Setup.DESTINATION));
    written.forEach(this::assertReadable);
  }

  /** The other way in leads to the same replica. */
  private void assertReadable(Written written) {
    String replica = written.table().atDestination();
    assertThat(spark.rows("SELECT CAST(count(*) AS STRING) FROM " + replica))
        .containsExactly(List.of(Integer.toString(2 * INSERTS)));
  }

  private void assertReplica(RunningTwinberg twinberg, Written written) {
    String name = written.table().name();
    assertThat(twinberg.reads(Setup.DESTINATION).history(NAMESPACE, name))
        .contains(written.history());
    String replica = written.table().atDestination();
    assertThat(written.table().rowsAtDestination(written.history())).isEqualTo(written.rows());
    assertThat(spark.rows("SELECT file_path FROM %s.all_files".formatted(replica)))
        .isNotEmpty()
        .allSatisfy(row -> assertThat((String) row.get(0)).startsWith(StorePair.REPLICAS + "/"));
  }
}
