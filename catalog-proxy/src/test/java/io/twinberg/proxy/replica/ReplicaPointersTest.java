package io.twinberg.proxy.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a process keeps of pointers never shows a group in part. */
class ReplicaPointersTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");

  @TempDir Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));

  @Test
  void groupMoves_oneMemberSeenAsItIs_otherIsNotSeenAsItWas() {
    try (Database database = Databases.h2(folder)) {
      ReplicaPointers pointers = new ReplicaPointers(new Replicas(database, clock), false);
      List<Long> generations = new ArrayList<>();
      ReplicaWorld world =
          new ReplicaWorld(
              database,
              clock,
              // A reader who comes right after the commit, when nothing has been let go of yet.
              new Delegating(pointers) {
                @Override
                public void movedTogether(List<Replica> moved) {
                  if (!moved.isEmpty()) {
                    generations.add(generation(pointers, ORDERS));
                    generations.add(generation(pointers, ITEMS));
                  }
                  super.movedTogether(moved);
                }
              });
      SourceTable orders = world.table("prod", ORDERS);
      SourceTable items = world.table("prod", ITEMS);
      Replica first = world.replica(orders, "eu");
      Replica second = world.replica(items, "eu");
      world.publish(first, world.commit(orders), "s3://replica/o1");
      world.publish(second, world.commit(items), "s3://replica/i1");
      List<TableVersion> versions = world.commitTogether(orders, items);
      // The orders are not kept, the items are.
      assertThat(generation(pointers, ITEMS)).isEqualTo(1);

      assertThat(world.publishOfGroup(first, versions.get(0), "s3://replica/o2")).isEmpty();
      assertThat(world.publishOfGroup(second, versions.get(1), "s3://replica/i2")).isPresent();

      assertThat(generations).as("between the commit and its end").containsExactly(2L, 2L);
      assertThat(generation(pointers, ORDERS)).isEqualTo(2);
      assertThat(generation(pointers, ITEMS)).isEqualTo(2);
      world.publish(second, world.commit(items), "s3://replica/i3");
      assertThat(generation(pointers, ITEMS)).as("kept and let go of again").isEqualTo(3);
    }
  }

  private static long generation(ReplicaPointers pointers, TableIdentifier name) {
    return pointers.find("eu", name).orElseThrow().generation();
  }

  private static class Delegating implements ReplicaListener {
    private final ReplicaListener listener;

    Delegating(ReplicaListener listener) {
      this.listener = listener;
    }

    @Override
    public void published(Replica replica) {
      listener.published(replica);
    }

    @Override
    public void movingTogether() {
      listener.movingTogether();
    }

    @Override
    public void movedTogether(List<Replica> moved) {
      listener.movedTogether(moved);
    }
  }
}
