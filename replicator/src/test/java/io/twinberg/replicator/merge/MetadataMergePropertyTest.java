package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random histories, merged after every commit or after random skips. {@code -Dhistories=} runs more
 * of them.
 */
class MetadataMergePropertyTest {
  private static final int HISTORIES = Integer.getInteger("histories", 10);
  private static final int COMMITS = 60;

  private int merges;
  private int commits;
  private int movedSchemas;
  private int movedSpecs;

  @Test
  void merge_randomHistories_keepEveryInvariant() {
    long seed = Long.getLong("seed", System.nanoTime());
    for (int i = 0; i < HISTORIES; i++) {
      System.out.println("seed=" + (seed + i));
      replay(new Random(seed + i), i % 2 == 0);
    }
    System.out.printf(
        "commits=%d merges=%d moved-schemas=%d with-moved-specs=%d%n",
        commits, merges, movedSchemas, movedSpecs);
    assertThat(merges).isGreaterThan(HISTORIES * COMMITS / 8);
  }

  private void replay(Random random, boolean everyCommit) {
    SourceTable source = new SourceTable(1 + random.nextInt(3));
    RandomHistory history = new RandomHistory(source, random);
    Replica replica = new Replica(source.tree());
    MergeChecks checks = new MergeChecks();
    for (int i = 0; i < COMMITS; i++) {
      commits += history.commit() ? 1 : 0;
      if (everyCommit || random.nextInt(4) == 0) {
        mergeAndCheck(source, replica, checks);
      }
    }
    movedSchemas += checks.movedSchemas;
  }

  private void mergeAndCheck(SourceTable source, Replica replica, MergeChecks checks) {
    ObjectNode tree = UnknownFields.inject(source.tree());
    ObjectNode untouched = tree.deepCopy();
    Optional<ReplicaVersion> previous = replica.last();
    Optional<ObjectNode> untouchedPrevious = previous.map(held -> held.tree().deepCopy());
    ObjectNode merged = replica.apply(tree);
    checks.check(tree, previous, merged);
    assertThat(tree).isEqualTo(untouched);
    assertThat(previous.map(ReplicaVersion::tree)).isEqualTo(untouchedPrevious);
    movedSpecs +=
        merged.path("partition-specs").findValuesAsText("spec-id").stream()
                .anyMatch(id -> id.length() == 7)
            ? 1
            : 0;
    merges++;
  }
}
