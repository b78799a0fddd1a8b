package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.junit.jupiter.api.Test;

/**
 * A replica of some refs has them and what they reach, whatever the history of its table. {@code
 * -Dhistories=} runs more of them, {@code -Dseed=} the same ones again.
 */
class SelectedRefsTest {
  private static final int HISTORIES = Integer.getInteger("histories", 10);
  private static final int COMMITS = 60;

  /** About half of the branches and tags that a random history makes. */
  private static final SelectedRefs SOME =
      new SelectedRefs(
          name -> name.equals(SnapshotRef.MAIN_BRANCH) || name.hashCode() % 2 == 0,
          name -> name.hashCode() % 2 == 0);

  private int left;
  private int narrower;

  @Test
  void merge_randomHistories_hasTheSelectedRefsAndWhatIcebergReachesFromThem() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed=" + seed);
    for (int i = 0; i < HISTORIES; i++) {
      replay(new Random(seed + i));
    }
    assertThat(left).as("snapshots left out").isGreaterThan(HISTORIES);
    assertThat(narrower).as("versions with fewer refs").isGreaterThan(HISTORIES);
  }

  private void replay(Random random) {
    SourceTable source = new SourceTable(1 + random.nextInt(3));
    RandomHistory history = new RandomHistory(source, random);
    Replica replica = replicaOf(source);
    for (int i = 0; i < COMMITS; i++) {
      history.commit();
      if (random.nextInt(3) == 0) {
        Set<Long> held = replica.last().map(last -> ids(last.tree())).orElseGet(Set::of);
        check(source, replica, held);
        check(source, replicaOf(source), Set.of());
      }
    }
  }

  private static Replica replicaOf(SourceTable source) {
    Replica replica = new Replica(source.tree());
    replica.refs(SOME);
    return replica;
  }

  private void check(SourceTable source, Replica replica, Set<Long> held) {
    ObjectNode tree = source.tree();
    Set<Long> expected = reached(source.table());
    Set<Long> missing = new HashSet<>(expected);
    missing.removeAll(held);
    assertThat(missing(replica, tree)).isEqualTo(missing);

    ObjectNode merged = replica.apply(tree);

    expected.addAll(held);
    assertThat(ids(merged)).isEqualTo(expected);
    assertThat(refs(merged)).isEqualTo(selected(source.table()));
    assertLog(tree, merged, expected);
    for (JsonNode file : merged.path("statistics")) {
      assertThat(expected).contains(file.path("snapshot-id").asLong());
    }
    left +=
        tree.path("snapshots").size() - (int) ids(tree).stream().filter(expected::contains).count();
    narrower += refs(merged).size() < source.table().refs().size() ? 1 : 0;
  }

  private static Set<Long> missing(Replica replica, ObjectNode tree) {
    Set<Long> ids = new HashSet<>();
    replica.missing(tree).snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
    return ids;
  }

  /**
   * Nothing in the log is of a snapshot that was left out, and what is in it is as at the source.
   */
  private static void assertLog(ObjectNode tree, ObjectNode merged, Set<Long> present) {
    List<JsonNode> log = new ArrayList<>();
    merged.path("snapshot-log").forEach(log::add);
    Set<Long> leftOut = ids(tree);
    leftOut.removeAll(present);
    assertThat(log)
        .extracting(entry -> entry.path("snapshot-id").asLong())
        .noneMatch(leftOut::contains);
    List<JsonNode> atSource = new ArrayList<>();
    tree.path("snapshot-log").forEach(atSource::add);
    int both = Math.min(log.size(), atSource.size());
    assertThat(log.subList(log.size() - both, log.size()))
        .isEqualTo(atSource.subList(atSource.size() - both, atSource.size()));
  }

  private static Set<Long> reached(Table table) {
    Set<Long> reached = new HashSet<>();
    Map<String, SnapshotRef> refs = table.refs();
    selected(table)
        .forEach(
            (name, id) -> {
              reached.add(id);
              if (refs.get(name).isBranch()) {
                for (Snapshot one : SnapshotUtil.ancestorsOf(id, table::snapshot)) {
                  reached.add(one.snapshotId());
                }
              }
            });
    return reached;
  }

  private static Map<String, Long> selected(Table table) {
    Map<String, Long> selected = new TreeMap<>();
    table
        .refs()
        .forEach(
            (name, ref) -> {
              if ((ref.isBranch() ? SOME.branches() : SOME.tags()).test(name)) {
                selected.put(name, ref.snapshotId());
              }
            });
    return selected;
  }

  private static Map<String, Long> refs(ObjectNode tree) {
    Map<String, Long> refs = new TreeMap<>();
    tree.path("refs")
        .properties()
        .forEach(ref -> refs.put(ref.getKey(), ref.getValue().path("snapshot-id").asLong()));
    return refs;
  }

  private static Set<Long> ids(ObjectNode tree) {
    Set<Long> ids = new HashSet<>();
    tree.path("snapshots").forEach(snapshot -> ids.add(snapshot.path("snapshot-id").asLong()));
    return ids;
  }
}
