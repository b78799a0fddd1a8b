package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.Crash;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * A process that dies at any step leaves a readable replica, and the next one completes it. The
 * steps of groups are in {@link GroupCrashTest}, those of names in {@link NameCrashTest}, those of
 * deletion in {@link DeletionCrashTest}, those of a replica that somebody drops in {@link
 * DropTest}, two crashes in a row in {@link CrashPairsTest}.
 */
class CrashTest {
  private static final Namespace SALES = Namespace.of("sales");
  private static final TableIdentifier TOTALS = TableIdentifier.of(SALES, "totals");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = CrashPoint.class,
      mode = Mode.EXCLUDE,
      names = {
        "INTENT_OPENED",
        "ANSWERED",
        "SETTLED",
        "UNVOUCHED",
        "CONDEMNED",
        "DELETION_BEGUN",
        "FILES_DELETED",
        "INTENT_LOGGED",
        "REPLICAS_DROPPED",
        "TABLE_DROPPED",
        "GROUP_STAGED",
        "GROUP_PUBLISHED",
        "REPLICA_DROPPED",
        "REPLICA_POINTERS_REMOVED",
        "REPLICA_FILES_REMOVED",
        "REPLICA_FORGOTTEN",
        "ENTRY_SUPERSEDED",
        "ENTRY_KNOWN",
        "REPLICA_ARCHIVED",
        "REPLICA_CREATED",
        "REPLICA_FOLLOWS",
        "NAMESPACE_MIRRORED",
        "NAMESPACE_POINTER_WRITTEN",
        "VIEW_WRITTEN",
        "VIEW_PUBLISHED",
        "EXPIRY_WRITTEN",
        "SNAPSHOTS_EXPIRED"
      })
  void backfillAndIncrement_processDiesAtPoint_lastVersionReadableAndNextProcessCompletes(
      CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a", "b");
      lake.append(table, "c");
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.published().snapshots()).hasSize(2);

      lake.append(table, "d");
      lake.append(table, "e");
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.published().snapshots()).hasSize(4);
    }
  }

  /** One file has arrived when the process dies; the others of its manifest never do. */
  @Test
  void fileCopied_othersOfItsManifestAreNot_nextProcessBringsThem() {
    try (TestingLake lake = new TestingLake(folder)) {
      HookedStore destination = new HookedStore(lake.store());
      lake.stores(lake.store(), destination);
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a", "b", "c");
      lake.append(table, "d");
      Crash crash = new Crash(CrashPoint.FILE_COPIED);
      AtomicInteger copies = new AtomicInteger();
      destination.hook(
          call -> {
            if (call.kind().equals("COPY") && copies.incrementAndGet() > 1) {
              crash.awaitReached();
              throw new IllegalStateException("the process has died");
            }
          });
      try (Replicator dying = lake.replicator(crash)) {
        dying.demand("main");
        assertThat(crash.awaitReached()).isTrue();
      }
      destination.hook(call -> {});
      lake.reopen();
      assertThat(lake.store().list(lake.replica().folder() + "/data")).hasSize(1);
      complete(lake, table);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VERSION_LOGGED", "INTENT_LOGGED"})
  void intent_processDiesAtPoint_isExplainedOnceByTheNext(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a");
      complete(lake, table);
      lake.append(table, "b");
      long intent =
          new Intents(lake).unknown(TestingLake.EVENTS, table.currentSnapshot().snapshotId());
      crash(lake, point);
      complete(lake, table);
      assertThat(lake.strings("select state from intent where id = " + intent))
          .containsExactly("LOGGED");
      assertThat(lake.count("select count(*) from table_version"))
          .as("the version of the first look, and the one that the intent made")
          .isEqualTo(2);
      assertThat(lake.count("select count(*) from gap")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLICAS_DROPPED", "TABLE_DROPPED"})
  void drop_processDiesAtPoint_isKnownToTheNext(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a");
      complete(lake, table);
      lake.catalog().dropTable(TestingLake.EVENTS, false);
      crash(lake, point);
      try (Replicator next = lake.replicator(CrashPoints.NONE)) {
        next.demand("main");
        TestingLake.await(
            () -> lake.strings("select lifecycle from source_table").equals(List.of("DROPPED")));
      }
      assertThat(lake.replica().lifecycle()).hasToString("SOURCE_DROPPED");
      ReplicaChecks.assertWhole(lake, lake.published());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VIEW_WRITTEN", "VIEW_PUBLISHED", "POINTER_WRITTEN"})
  void view_processDiesAtPoint_nextOneShowsItsVersion(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      for (String query : List.of("select 1", "select 2")) {
        lake.catalog()
            .buildView(TOTALS)
            .withSchema(TestingLake.SCHEMA)
            .withQuery("spark", query)
            .withDefaultNamespace(SALES)
            .createOrReplace();
        crash(lake, point);
        try (Replicator next = lake.replicator(CrashPoints.NONE)) {
          TestingLake.await(() -> shownVersions(lake) == loggedVersions(lake));
        }
        assertThat(loggedVersions(lake)).isEqualTo(query.endsWith("1") ? 1 : 2);
        assertThat(
                VerifiedLake.verify(VerifiedLake.subject(lake, TOTALS), RowScope.ALL).violations())
            .isEmpty();
        LogChecks.assertSound(lake);
      }
    }
  }

  private static long loggedVersions(TestingLake lake) {
    return lake.count("select count(*) from table_version");
  }

  /** Each of which was applied, and the pointer object tells so. */
  private static long shownVersions(TestingLake lake) {
    return lake.count(
        "select coalesce(max(generation), 0) from replica where pointer_generation = generation");
  }

  @ParameterizedTest
  @EnumSource(names = {"EXPIRY_WRITTEN", "SNAPSHOTS_EXPIRED", "POINTER_WRITTEN"})
  void expiry_processDiesAtPoint_isPublishedOnce(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      SteppedClock clock = new SteppedClock(Instant.now());
      lake.clock(clock);
      lake.retention(new Retention.Bounded(Duration.ofDays(10), 1));
      Table table = lake.create(TestingLake.EVENTS, "2", Map.of());
      lake.append(table, "a");
      lake.append(table, "b");
      complete(lake, table);
      clock.step(Duration.ofDays(11));
      crash(lake, point);
      try (Replicator next = lake.replicator(CrashPoints.NONE)) {
        TestingLake.await(() -> lake.replica().pointerGeneration() == 2);
      }
      assertThat(lake.published().snapshots()).containsExactly(lake.published().currentSnapshot());
      assertThat(ReplicaChecks.names(lake, lake.published(), lake.published().currentSnapshot()))
          .containsExactly("a", "b");
      assertThat(lake.replica().generation()).isEqualTo(2);
      LogChecks.assertSound(lake);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NAMESPACE_MIRRORED", "NAMESPACE_POINTER_WRITTEN"})
  void namespace_processDiesAtPoint_destinationAndBucketTellOfItInTheEnd(CrashPoint point) {
    try (TestingLake lake = new TestingLake(folder)) {
      // Whose rule wants the namespace, too.
      new ChangingEntries(lake, new SteppedClock(Instant.now()));
      for (String comment : List.of("one", "two")) {
        lake.catalog().setProperties(SALES, Map.of("comment", comment));
        crash(lake, point);
        awaitNamespace(
            lake, () -> comment.equals(namespaces(lake).properties("eu", SALES).get("comment")));
        assertThat(pointerOfNamespace(lake))
            .contains("\"comment\" : \"" + comment + "\"", "\"dropped\" : false");
      }
      lake.catalog().dropNamespace(SALES);
      crash(lake, point);
      awaitNamespace(lake, () -> namespaces(lake).at("eu").isEmpty());
      assertThat(pointerOfNamespace(lake)).contains("\"dropped\" : true");
      assertThat(lake.count("select count(*) from mirrored_namespace")).isEqualTo(1);
    }
  }

  private static void awaitNamespace(TestingLake lake, Callable<Boolean> condition) {
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      next.demand("main");
      TestingLake.await(() -> condition.call() && namespaces(lake).waiting(1).isEmpty());
    }
  }

  private static MirroredNamespaces namespaces(TestingLake lake) {
    return new MirroredNamespaces(lake.database(), Clock.systemUTC());
  }

  /** The newest one, of the only namespace. */
  private static String pointerOfNamespace(TestingLake lake) {
    String folder = lake.strings("select folder from mirrored_namespace").get(0);
    String newest =
        lake.store().list(folder).stream()
            .map(StoredObject::location)
            .max(Comparator.naturalOrder())
            .orElseThrow();
    return new String(new Intents(lake).bytes(newest), StandardCharsets.UTF_8);
  }

  private static void crash(TestingLake lake, CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    LogChecks.assertSound(lake);
  }

  private static void complete(TestingLake lake, Table table) {
    try (Replicator next = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(next, table));
    }
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'"))
        .as("everything published is live in the ledger")
        .isZero();
    ReplicaChecks.assertAudited(lake);
    LogChecks.assertSound(lake);
    LogChecks.assertChain(lake, table);
  }
}
