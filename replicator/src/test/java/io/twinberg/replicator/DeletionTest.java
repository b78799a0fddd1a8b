package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoredObject;
import io.twinberg.testing.Crash;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What nothing names at a destination is deleted after a grace time, and nothing else ever. */
class DeletionTest {
  private static final Duration AGE = Duration.ofDays(10);
  private static final Duration GRACE = Duration.ofHours(3);
  private static final Duration INTERVAL = Duration.ofDays(30);

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private TestingLake lake;
  private HookedStore destination;
  private Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.clock(clock);
    lake.retention(new Retention.Bounded(AGE, 1));
    lake.deletion(GRACE, INTERVAL);
    table = lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
    lake.append(table, "a");
    lake.append(table, "b");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertWhole(lake, lake.sync(replicator, table));
    }
  }

  /** The file of the first append is in no snapshot of the replica any more. */
  private void dropFirstFile() {
    catchUp();
    table.newDelete().deleteFile(KnownFilesTest.file(table, "a")).commit();
    clock.step(AGE.plusHours(1));
    lake.append(table, "c");
    catchUp();
    assertThat(lake.published().snapshots()).hasSize(1);
  }

  private void condemn() {
    clock.step(INTERVAL);
    awaitReminder(reminder -> condemned() > 0);
  }

  private void awaitDeleted() {
    clock.step(GRACE);
    awaitReminder(reminder -> condemned() == 0);
  }

  /** Runs a replicator until nothing is due at once and the condition holds. */
  private void awaitReminder(Predicate<TestingLake> condition) {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(
          () ->
              condition.test(lake)
                  && lake.count(
                          "select count(*) from replica_cleanup where due_at <= '%s'"
                              .formatted(clock.instant()))
                      == 0);
    }
  }

  /** Whether anybody has listed the folder, but for the pointer objects. */
  private boolean looked() {
    return destination.calls("LIST").stream().anyMatch(call -> call.location().endsWith("/data"));
  }

  private long condemned() {
    return lake.count("select count(*) from condemned_file");
  }

  private List<String> files(String below) {
    return lake.store().list(lake.replica().folder() + below).stream()
        .map(StoredObject::location)
        .toList();
  }

  /** The folder holds what Iceberg reaches from the metadata, one pointer object and no more. */
  private void assertNothingElse() {
    ReplicaChecks.assertWhole(lake, lake.published());
    Set<String> named = ReplicaChecks.named(lake, lake.published());
    named.add(
        "%s/metadata/pointer/%020d.json"
            .formatted(lake.replica().folder(), lake.replica().generation()));
    assertThat(files("")).containsExactlyInAnyOrderElementsOf(named);
  }

  private boolean hasDataFile(String name) {
    return files("/data").stream().anyMatch(file -> file.endsWith("/" + name + ".parquet"));
  }

  @Test
  void expiredSnapshots_graceOver_theirFilesAreDeletedAndNoOthers() {
    dropFirstFile();
    int before = files("").size();
    condemn();
    assertThat(files("")).as("condemned, not deleted").hasSize(before);
    awaitDeleted();

    TableMetadata replica = lake.published();
    ReplicaChecks.assertWhole(lake, replica);
    assertThat(ReplicaChecks.names(lake, replica, replica.currentSnapshot()))
        .containsExactly("b", "c");
    assertThat(hasDataFile("a")).isFalse();
    assertNothingElse();
    assertThat(lake.count("select count(*) from ledger"))
        .as("one list, and its manifests")
        .isEqualTo(1 + replica.currentSnapshot().allManifests(lake.io()).size());
    assertThat(lake.replica().failure()).isEmpty();
  }

  @Test
  void reader_withinGrace_readsTheVersionThatItOpened() {
    catchUp();
    TableMetadata opened = lake.published();
    dropFirstFile();
    condemn();
    clock.step(GRACE.minusMinutes(1));
    // Whoever looks too early finds nothing to delete either.
    lake.sql(
        "update replica_cleanup set due_at = timestamp with time zone '2020-01-01 00:00:00+00'");
    awaitReminder(lake -> true);
    ReplicaChecks.assertWhole(lake, opened);
    assertThat(condemned()).isPositive();
  }

  @Test
  void commit_whileCondemned_isAppliedAndTheRestIsDeleted() {
    dropFirstFile();
    condemn();
    lake.append(table, "d");
    catchUp();
    awaitDeleted();
    ReplicaChecks.assertWhole(lake, lake.published());
    assertThat(hasDataFile("a")).isFalse();
    assertThat(hasDataFile("d")).isTrue();
  }

  @Test
  void commit_whileTheFolderIsLookedThrough_isAppliedAndItsFilesStay() {
    dropFirstFile();
    CountDownLatch looking = new CountDownLatch(1);
    CountDownLatch applied = new CountDownLatch(1);
    destination.hook(
        call -> {
          if (call.kind().equals("LIST") && call.location().endsWith("/data")) {
            looking.countDown();
            await(applied);
          }
        });
    clock.step(INTERVAL);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      await(looking);
      lake.append(table, "d");
      lake.sync(replicator, table);
      applied.countDown();
      TestingLake.await(() -> condemned() > 0);
    }
    awaitDeleted();
    assertThat(hasDataFile("a")).isFalse();
    assertThat(hasDataFile("d")).isTrue();
    ReplicaChecks.assertWhole(lake, lake.published());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rollback_needsACondemnedFile_itLivesOn() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    table.manageSnapshots().rollbackTo(wanted).commit();
    catchUp();
    assertThat(ReplicaChecks.names(lake, lake.published(), lake.published().currentSnapshot()))
        .containsExactly("a", "b");
    awaitDeleted();
    assertThat(hasDataFile("a")).isTrue();
    clock.step(INTERVAL);
    awaitReminder(lake -> true);
    awaitDeleted();
    assertNothingElse();
  }

  @Test
  void rollback_inTheProcessThatCondemned_fileLivesOn() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "d");
      lake.sync(replicator, table);
      clock.step(INTERVAL);
      TestingLake.await(() -> condemned() > 0);
      table.manageSnapshots().rollbackTo(wanted).commit();
      lake.sync(replicator, table);
      clock.step(GRACE);
      TestingLake.await(() -> condemned() == 0);
    }
    assertThat(hasDataFile("a")).isTrue();
    ReplicaChecks.assertWhole(lake, lake.published());
  }

  /** The call may have arrived all the same, or arrive later. */
  @Test
  void rollback_needsAFileWhoseDeletionFailedInThisProcess_waits() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    destination.hook(
        call -> {
          if (call.kind().equals("DELETE")) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, call.location(), "no answer");
          }
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "d");
      lake.sync(replicator, table);
      clock.step(GRACE);
      TestingLake.await(
          () -> lake.count("select count(*) from condemned_file where state = 'DELETING'") > 0);
      table.manageSnapshots().rollbackTo(wanted).commit();
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().failure().isPresent());
    }
    assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("FILE_BEING_DELETED");
  }

  @Test
  void rollback_afterTheDeletion_filesAreCopiedAgain() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    awaitDeleted();
    assertThat(hasDataFile("a")).isFalse();
    table.manageSnapshots().rollbackTo(wanted).commit();
    catchUp();
    assertThat(ReplicaChecks.names(lake, lake.published(), lake.published().currentSnapshot()))
        .containsExactly("a", "b");
  }

  @Test
  void rollback_needsAFileWhoseDeletionDidNotEnd_waitsUntilNoCallCanBeOnItsWay() {
    long wanted = table.currentSnapshot().snapshotId();
    dropFirstFile();
    condemn();
    clock.step(GRACE);
    die(CrashPoint.DELETION_BEGUN);
    table.manageSnapshots().rollbackTo(wanted).commit();
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().failure().isPresent());
      assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("FILE_BEING_DELETED");
      assertThat(lake.replica().failure().orElseThrow().file().orElseThrow())
          .endsWith("/a.parquet");
      assertThat(hasDataFile("a")).as("nobody touches it").isTrue();
      ReplicaChecks.assertWhole(lake, lake.published());

      clock.step(Duration.ofMinutes(31));
      ReplicaChecks.assertWhole(lake, lake.awaitCurrent(table));
    }
    assertThat(ReplicaChecks.names(lake, lake.published(), lake.published().currentSnapshot()))
        .containsExactly("a", "b");
    assertThat(lake.replica().failure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.INCLUDE,
      names = {"UNVOUCHED", "CONDEMNED", "DELETION_BEGUN", "FILES_DELETED"})
  void process_diesAtPoint_nextOneEndsIt(CrashPoint point) {
    dropFirstFile();
    if (point == CrashPoint.UNVOUCHED || point == CrashPoint.CONDEMNED) {
      clock.step(INTERVAL);
    } else {
      condemn();
      clock.step(GRACE);
    }
    die(point);
    ReplicaChecks.assertWhole(lake, lake.published());

    clock.step(INTERVAL);
    awaitReminder(lake -> true);
    clock.step(GRACE.plusHours(1));
    awaitReminder(lake -> condemned() == 0);
    assertNothingElse();
    lake.append(table, "d");
    catchUp();
  }

  private void die(CrashPoint point) {
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
    }
    lake.reopen();
    assertThat(lake.replica().failure()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"MANIFEST_STAGED", "FILES_COMPLETE"})
  void crashedAttempt_leftovers_areDeleted(CrashPoint point) {
    catchUp();
    lake.append(table, "c");
    lake.append(table, "d");
    Crash crash = new Crash(point);
    try (Replicator dying = lake.replicator(crash)) {
      dying.demand("main");
      assertThat(crash.awaitReached()).isTrue();
    }
    lake.reopen();
    List<String> before = files("");
    // What it staged is of no use to a version without those snapshots.
    table.manageSnapshots().rollbackTo(table.snapshots().iterator().next().snapshotId()).commit();
    table
        .expireSnapshots()
        .expireOlderThan(Long.MAX_VALUE)
        .retainLast(1)
        .cleanupLevel(ExpireSnapshots.CleanupLevel.NONE)
        .commit();
    catchUp();
    condemn();
    awaitDeleted();
    ReplicaChecks.assertWhole(lake, lake.published());
    assertNothingElse();
    assertThat(before).hasSizeGreaterThan(files("").size());
    assertThat(lake.count("select count(*) from ledger where state <> 'LIVE'")).isZero();
  }

  @Test
  void view_replaced_itsEarlierMetadataAndPointersAreDeleted() {
    TableIdentifier name = TableIdentifier.of("sales", "totals");
    for (int version = 1; version <= 2; version++) {
      lake.catalog()
          .buildView(name)
          .withSchema(TestingLake.SCHEMA)
          .withDefaultNamespace(name.namespace())
          .withQuery("spark", "select " + version)
          .createOrReplace();
      int generation = version;
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        replicator.demand("main");
        TestingLake.await(
            () ->
                lake.replicas()
                    .byName("eu", name)
                    .filter(replica -> replica.pointerGeneration() == generation)
                    .isPresent());
      }
    }
    condemn();
    awaitDeleted();

    Replica view = lake.replica(name);
    assertThat(lake.store().list(view.folder()))
        .extracting(StoredObject::location)
        .containsExactlyInAnyOrder(
            view.metadataLocation().orElseThrow(),
            view.folder() + "/metadata/pointer/%020d.json".formatted(2));
  }

  @Test
  void filesOfOthers_inTheFolder_stay() {
    dropFirstFile();
    String foreign = lake.replica().folder() + "/notes/readme.txt";
    lake.store().put(foreign, "ours".getBytes(StandardCharsets.UTF_8));
    String sibling = lake.replica().folder() + "1/data/x.parquet";
    lake.store().put(sibling, "theirs".getBytes(StandardCharsets.UTF_8));
    condemn();
    awaitDeleted();
    assertThat(lake.store().length(foreign)).isPresent();
    assertThat(lake.store().length(sibling)).isPresent();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNAVAILABLE", "DENIED"})
  void storeRefuses_toListOrDelete_replicaGoesOnAndItIsTriedAgain(StoreException.Kind kind) {
    dropFirstFile();
    destination.hook(
        call -> {
          boolean looking =
              call.kind().equals("LIST") && !call.location().endsWith("/metadata/pointer");
          if (looking || call.kind().equals("DELETE")) {
            throw new StoreException(kind, call.location(), "refused");
          }
        });
    clock.step(INTERVAL);
    awaitReminder(lake -> looked());
    assertThat(lake.replica().failure()).isEmpty();
    lake.append(table, "d");
    catchUp();

    destination.hook(call -> {});
    condemn();
    awaitDeleted();
    assertNothingElse();
  }

  @Test
  void bucketAheadOfTheDatabase_nothingIsCondemned() {
    dropFirstFile();
    Replica replica = lake.replica();
    String later =
        replica.folder() + "/metadata/pointer/%020d.json".formatted(replica.generation() + 1);
    // Not before the process has compared the two, or it would go on from there.
    destination.hook(
        call -> {
          if (call.kind().equals("LIST") && call.location().endsWith("/data")) {
            lake.store().put(later, "{}".getBytes(StandardCharsets.UTF_8));
          }
        });
    clock.step(INTERVAL);
    awaitReminder(lake -> looked());
    assertThat(condemned()).isZero();
  }

  @Test
  void nothingPublishedSinceTheLastLook_folderIsNotListedAgain() {
    dropFirstFile();
    condemn();
    awaitDeleted();
    destination.forget();
    clock.step(INTERVAL);
    awaitReminder(lake -> true);
    assertThat(looked()).isFalse();
    lake.append(table, "d");
    catchUp();
    clock.step(INTERVAL);
    awaitReminder(lake -> looked());
  }

  @Test
  void tableDroppedAtTheSource_replicaStaysWhole() {
    dropFirstFile();
    lake.catalog().dropTable(TestingLake.EVENTS, false);
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().lifecycle().toString().equals("SOURCE_DROPPED"));
    }
    condemn();
    awaitDeleted();
    assertNothingElse();
  }
}
