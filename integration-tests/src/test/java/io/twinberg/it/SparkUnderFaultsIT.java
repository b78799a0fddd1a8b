package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.engine.SparkCatalog;
import io.twinberg.it.engine.SparkProcess;
import io.twinberg.testing.FaultyUpstream;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamPlan;
import io.twinberg.testing.UpstreamRule;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Spark commits through Twinberg while commits meet faults on the way to the catalog. {@code
 * -Dseed=} sets which, {@code -Dcommits=} how many at least; it goes on until each has been met.
 */
@Tag("kills")
class SparkUnderFaultsIT {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int COMMITS = Integer.getInteger("commits", 30);

  /** Of which each meets a fault or several until all have been met. */
  private static final int MOST = Math.max(COMMITS, 200);

  private static final String NAMESPACE = "shop";
  private static final String TABLE = "orders";
  private static final String NAME = Setup.SOURCE + "." + NAMESPACE + "." + TABLE;

  @TempDir private Path folder;

  private final SparkProcess spark = SparkProcess.shared();
  private final Set<Long> acknowledged = new TreeSet<>();
  private final Set<Long> failed = new TreeSet<>();

  @Test
  void commits_underAllFaults_noAcknowledgedRowIsLostAndTheReplicaEqualsTheSource() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog catalog = fixture(stores);
        FaultyUpstream upstream = new FaultyUpstream(catalog.uri(), new UpstreamPlan(SEED));
        RunningTwinberg twinberg = RunningTwinberg.start(impatient(stores, upstream))) {
      create(stores, catalog);
      spark.session(twinberg.source(stores.source()));
      upstream
          .plan()
          .add(
              UpstreamRule.of(UpstreamFault.all())
                  .on("POST", "/tables/" + TABLE + "$")
                  .probability(0.4));
      for (long id = 0; id < COMMITS || (!unmet(upstream).isEmpty() && id < MOST); id++) {
        insert(id);
        if (id % 4 == 3) {
          upstream.deliverHeld();
        }
      }
      upstream.plan().heal();
      upstream.deliverHeld();
      System.out.printf(
          "seed=%d: %d acknowledged, %d failed, faults %s%n",
          SEED, acknowledged.size(), failed.size(), upstream.plan().met());
      assertThat(unmet(upstream)).as("faults never met").isEmpty();

      assertRows();
      Replicated.awaitCurrent(twinberg, NAMESPACE, TABLE);
      Verification.assertClean(twinberg, NAMESPACE, TABLE, "current");
      assertThat(twinberg.rows("gap")).isEmpty();
    }
  }

  private static Set<UpstreamFault> unmet(FaultyUpstream upstream) {
    Set<UpstreamFault> unmet = new HashSet<>(UpstreamFault.all());
    unmet.removeAll(upstream.plan().met().keySet());
    return unmet;
  }

  /** Past Twinberg: what a cold catalog does first takes its time. */
  private void create(StorePair stores, FixtureCatalog catalog) {
    spark.session(
        SparkCatalog.of("direct", catalog.uri()).withStorage(stores.source().properties()));
    spark.run(
        "CREATE NAMESPACE direct." + NAMESPACE,
        "CREATE TABLE direct.%s.%s (id BIGINT) USING iceberg".formatted(NAMESPACE, TABLE));
  }

  private void insert(long id) {
    try {
      spark.run("INSERT INTO %s VALUES (%d)".formatted(NAME, id));
      acknowledged.add(id);
    } catch (AssertionError e) {
      if (String.valueOf(e.getMessage()).contains("CommitFailedException")) {
        failed.add(id);
      }
    }
  }

  private void assertRows() {
    List<Long> rows =
        spark.rows("SELECT id FROM " + NAME).stream().map(row -> (Long) row.get(0)).toList();
    assertThat(rows).as("seed " + SEED).doesNotHaveDuplicates().containsAll(acknowledged);
    Set<Long> lies = new HashSet<>(failed);
    lies.retainAll(rows);
    assertThat(lies).as("told as failed, seed " + SEED).isEmpty();
  }

  private FixtureCatalog fixture(StorePair stores) {
    return FixtureCatalog.start(
        FixtureSettings.onS3(
            folder.resolve("fixture"), StorePair.WAREHOUSE, stores.source().properties()));
  }

  /** What hangs must not hang for long. */
  private Setup impatient(StorePair stores, FaultyUpstream upstream) {
    return Setup.upstream(folder, stores, upstream.uri()).sourceWith("forward-timeout: 10s");
  }
}
