package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What nothing names at a destination is deleted after a grace time, and nothing else ever. */
class DeletionTest extends DeletionSuite {
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

  /** Whether anybody has listed the folder, but for the pointer objects. */
  private boolean looked() {
    return destination.calls("LIST").stream().anyMatch(call -> call.location().endsWith("/data"));
  }
}
