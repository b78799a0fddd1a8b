package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.config.RuleOverrides;
import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a rule says of its replicas is obeyed, also when it changes while the replicator runs. */
class RuleSettingsTest {
  private static final ReplicaSettings FOREVER = retention(new Retention.Forever());

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private TestingLake lake;
  private HookedStore destination;
  private Table table;
  private volatile ReplicaSettings settings = ReplicaSettings.NONE;
  private boolean headsFirst;
  private final CompletableFuture<Replicator> running = new CompletableFuture<>();

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    destination = new HookedStore(lake.store());
    lake.stores(lake.store(), destination);
    lake.clock(clock);
    lake.targets(
        (source, name) -> List.of(new Target("eu", lake.root(), headsFirst, settings, name)));
    table = lake.create(TestingLake.EVENTS, "2", Map.of("commit.manifest-merge.enabled", "false"));
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private static ReplicaSettings refs(String branch, String... tags) {
    return new ReplicaSettings(
        Optional.empty(),
        new RefSelection.Named(
            List.of(glob(branch)), Arrays.stream(tags).map(RuleSettingsTest::glob).toList()),
        RuleOverrides.USUAL_PRIORITY);
  }

  private static NameGlob glob(String level) {
    return new NameGlob(List.of(level));
  }

  private static ReplicaSettings retention(Retention retention) {
    return new ReplicaSettings(
        Optional.of(retention), new RefSelection.All(), RuleOverrides.USUAL_PRIORITY);
  }

  private long append(String branch, String name) {
    table.newAppend().appendFile(TestingLake.dataFile(table, name)).toBranch(branch).commit();
    return table.refs().get(branch).snapshotId();
  }

  private long branchOff(String branch, String name) {
    table.manageSnapshots().createBranch(branch).commit();
    return append(branch, name);
  }

  private TableMetadata verified(TableMetadata replica) {
    ReplicaChecks.assertWhole(lake, replica);
    assertThat(
            VerifiedLake.verify(VerifiedLake.subject(lake, TestingLake.EVENTS), RowScope.NONE)
                .violations())
        .isEmpty();
    return replica;
  }

  private static Set<Long> ids(TableMetadata metadata) {
    return metadata.snapshots().stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
  }

  @Test
  void refs_branchesAndTagsOfTheRule_areThereWithWhatTheyReachAndNothingElseIsCopied() {
    long first = table.currentSnapshot().snapshotId();
    long audited = branchOff("audit-1", "audited");
    branchOff("dev", "dev-1");
    append("dev", "dev-2");
    long tagged = branchOff("old", "tagged");
    table.manageSnapshots().createTag("eod-1", first).createTag("eod-2", tagged).commit();
    table.manageSnapshots().createTag("mine", tagged).removeBranch("old").commit();
    table.newAppend().appendFile(TestingLake.dataFile(table, "staged")).stageOnly().commit();
    settings = refs("audit*", "eod-*");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TableMetadata replica = verified(lake.sync(replicator, table));
      assertThat(replica.refs().keySet())
          .containsExactlyInAnyOrder("main", "audit-1", "eod-1", "eod-2");
      assertThat(ids(replica)).containsExactlyInAnyOrder(first, audited, tagged);
    }
    assertThat(destination.calls("COPY"))
        .extracting(call -> call.location().replaceAll(".*/", ""))
        .containsExactlyInAnyOrder("a.parquet", "audited.parquet", "tagged.parquet");
  }

  @Test
  void refs_branchThatComesMovesAndGoes_isFollowed() {
    settings = refs("dev");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      long first = table.currentSnapshot().snapshotId();
      long other = branchOff("other", "other");
      long dev = branchOff("dev", "dev");
      assertThat(ids(verified(lake.sync(replicator, table)))).containsExactlyInAnyOrder(first, dev);

      table.manageSnapshots().fastForwardBranch("main", "dev").commit();
      TableMetadata forwarded = verified(lake.sync(replicator, table));
      assertThat(forwarded.currentSnapshot().snapshotId()).isEqualTo(dev);

      table.manageSnapshots().replaceBranch("dev", "other").commit();
      TableMetadata replaced = verified(lake.sync(replicator, table));
      assertThat(replaced.refs().get("dev").snapshotId()).isEqualTo(other);
      assertThat(ids(replaced)).containsExactlyInAnyOrder(first, dev, other);

      table.manageSnapshots().removeBranch("dev").commit();
      assertThat(verified(lake.sync(replicator, table)).refs()).containsOnlyKeys("main");
    }
  }

  @Test
  void refs_changedByTheRule_holdFromTheNextVersionOn() {
    long dev = branchOff("dev", "dev");
    settings = refs("none");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertThat(ids(verified(lake.sync(replicator, table)))).doesNotContain(dev);

      settings = ReplicaSettings.NONE;
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().settings().equals(settings));
      verified(lake.published());
      lake.append(table, "b");
      TableMetadata more = verified(lake.sync(replicator, table));
      assertThat(more.refs()).containsOnlyKeys("main", "dev");
      assertThat(ids(more)).contains(dev);

      settings = refs("none");
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().settings().equals(settings));
      verified(lake.published());
      lake.append(table, "c");
      TableMetadata fewer = verified(lake.sync(replicator, table));
      assertThat(fewer.refs()).containsOnlyKeys("main");
      assertThat(ids(fewer)).contains(dev);
    }
    assertThat(new PointerObjects(lake.store()).newest(lake.root()))
        .extracting(Pointer::selection)
        .containsExactly(settings.refs());
  }

  @Test
  void refs_headsFirst_bringsTheHistoryOfTheSelectedAlone() {
    for (int i = 0; i < 3; i++) {
      lake.append(table, "main-" + i);
    }
    branchOff("dev", "dev");
    settings = refs("none");
    headsFirst = true;
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      TestingLake.await(() -> lake.replica().historyThrough().isEmpty());
      TableMetadata replica = verified(lake.awaitCurrent(table));
      assertThat(replica.snapshots()).hasSize(4);
      assertThat(replica.refs()).containsOnlyKeys("main");
    }
  }

  @Test
  void retention_ofTheRule_holdsAtTheNextLookAndAgainstTheDestinations() {
    lake.append(table, "b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      assertThat(lake.sync(replicator, table).snapshots()).hasSize(2);
      clock.step(Duration.ofDays(1));

      settings = retention(new Retention.Bounded(Duration.ofHours(1), 1));
      replicator.demand("main");
      TestingLake.await(() -> lake.published().snapshots().size() == 1);
      ReplicaChecks.assertWhole(lake, lake.awaitCurrent(table));

      settings = retention(new Retention.Forever());
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().settings().equals(settings));
      lake.append(table, "c");
      assertThat(verified(lake.sync(replicator, table)).snapshots())
          .as("what the source still has comes back")
          .hasSize(3);
      TestingLake.await(() -> lake.count("select count(*) from replica_expiry") == 0);
    }
  }

  /** Lets the rule keep everything while a replica's file is on its way, and waits for it. */
  private void keepEverythingBefore(String kind, String ending) {
    destination.hook(
        call -> {
          if (call.kind().equals(kind)
              && call.location().endsWith(ending)
              && !settings.equals(FOREVER)) {
            settings = FOREVER;
            running.join().demand("main");
            TestingLake.await(() -> lake.replica().settings().equals(FOREVER));
          }
        });
  }

  @Test
  void retention_madeLongerWhileAVersionIsCopied_holdsForThatVersion() {
    List.of("b", "c", "d", "e").forEach(name -> lake.append(table, name));
    clock.step(Duration.ofDays(1));
    settings = retention(new Retention.Bounded(Duration.ofHours(1), 1));
    keepEverythingBefore("COPY", "/e.parquet");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      running.complete(replicator);
      assertThat(verified(lake.sync(replicator, table)).snapshots()).hasSize(5);
    }
    assertThat(lake.replica().settings()).isEqualTo(FOREVER);
    assertThat(lake.replica().generation()).isEqualTo(1);
    assertThat(lake.count("select count(*) from replica where attempts > 0")).isZero();
    assertThat(destination.calls("COPY")).as("no file is copied twice").hasSize(5);
  }

  @Test
  void retention_madeLongerWhileSnapshotsAreExpired_savesThem() {
    long first = table.currentSnapshot().snapshotId();
    settings = retention(new Retention.Bounded(Duration.ofHours(1), 1));
    lake.append(table, "b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      table.expireSnapshots().expireSnapshotId(first).commit();
      assertThat(ids(lake.sync(replicator, table))).as("the replica's alone").contains(first);
      running.complete(replicator);
      keepEverythingBefore("PUT", ".metadata.json");
      clock.step(Duration.ofDays(1));
      TestingLake.await(() -> lake.replica().settings().equals(FOREVER));
      lake.append(table, "c");
      assertThat(ids(verified(lake.sync(replicator, table)))).contains(first).hasSize(3);
    }
    assertThat(lake.replica().generation()).isEqualTo(3);
  }

  @Test
  void retention_ofTheRule_outlivesAStartUnderTheDestinationsOwn() {
    lake.retention(new Retention.Bounded(Duration.ofHours(1), 1));
    settings = retention(new Retention.Forever());
    lake.append(table, "b");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
    }
    clock.step(Duration.ofDays(1));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(table, "c");
      assertThat(verified(lake.sync(replicator, table)).snapshots()).hasSize(3);
    }
  }
}
