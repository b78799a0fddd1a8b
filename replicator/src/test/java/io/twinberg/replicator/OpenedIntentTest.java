package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.IntentKind;
import io.twinberg.log.NewIntent;
import io.twinberg.replicator.reconcile.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a commit adds is read while its source is still at it. */
class OpenedIntentTest {
  private static final TableIdentifier OTHER = TableIdentifier.of("sales", "other");

  @TempDir private Path folder;
  private TestingLake lake;
  private HookedStore store;

  @BeforeEach
  void start() {
    lake = new TestingLake(folder);
    store = new HookedStore(lake.store());
    lake.stores(store, lake.store());
    lake.sweepInterval(Duration.ofHours(1));
    lake.targets(
        (source, table) ->
            table.equals(OTHER) ? List.of() : List.of(new Target("eu", lake.root(), table)));
  }

  @AfterEach
  void stop() {
    lake.close();
  }

  private static NewIntent intent(String source, TableIdentifier table, Snapshot adding) {
    String body =
        "{\"updates\":[{\"action\":\"add-snapshot\",\"snapshot\":{\"snapshot-id\":%d,\"manifest-list\":\"%s\"}}]}"
            .formatted(adding.snapshotId(), adding.manifestListLocation());
    return new NewIntent(
        source,
        "",
        IntentKind.UPDATE_TABLE,
        List.of(table),
        body.getBytes(StandardCharsets.UTF_8),
        "request",
        Optional.empty());
  }

  private List<String> got() {
    return store.calls("GET").stream().map(HookedStore.Call::location).toList();
  }

  /** Appends without the replicator's being told, and without its looking by itself. */
  private Snapshot append(Table table, String file) {
    lake.append(table, file);
    return table.currentSnapshot();
  }

  @Test
  void commitToAReplicatedTable_isReadAheadAndOnce() {
    Table table = lake.create("2");
    lake.append(table, "first");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      Snapshot added = append(table, "second");
      store.forget();

      replicator.opened(intent("main", TestingLake.EVENTS, added));

      TestingLake.await(() -> got().size() == 2);
      assertThat(got().get(0)).isEqualTo(added.manifestListLocation());
      lake.sync(replicator, table);
      assertThat(got().stream().filter(added.manifestListLocation()::equals)).hasSize(1);
      assertThat(got().stream().filter(got().get(1)::equals)).hasSize(1);
    }
  }

  @Test
  void commitThatNobodyReplicates_isNotReadAhead() {
    Table table = lake.create("2");
    lake.append(table, "first");
    Snapshot others = append(lake.create(OTHER, "2", Map.of()), "other");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.awaitCurrent(table);
      Snapshot added = append(table, "second");

      replicator.opened(intent("main", OTHER, others));
      replicator.opened(intent("unknown", TestingLake.EVENTS, others));
      replicator.opened(intent("main", TestingLake.EVENTS, added));

      TestingLake.await(() -> got().contains(added.manifestListLocation()));
      assertThat(got()).doesNotContain(others.manifestListLocation());
    }
  }
}
