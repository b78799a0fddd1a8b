package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.ReplicaLifecycle;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several replicators on one database, and one that does not know that it has been replaced. */
class TwoReplicatorsTest {
  @TempDir Path folder;

  @Test
  void twoReplicators_manyCommits_eachVersionAppliedOnce() {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create("2");
      lake.append(table, "first");
      try (Replicator one = lake.replicator(CrashPoints.NONE);
          Replicator two = lake.replicator(CrashPoints.NONE)) {
        for (int i = 0; i < 6; i++) {
          lake.append(table, "f" + i);
          one.demand("main");
          two.demand("main");
        }
        ReplicaChecks.assertEqual(lake, table, lake.sync(two, table));
      }
      assertThat(lake.count("select count(*) from receipt"))
          .isEqualTo(lake.replica().generation())
          .isPositive();
      assertThat(
              lake.count(
                  """
                  select count(*) from receipt a join receipt b
                    on a.generation < b.generation and a.position >= b.position
                  """))
          .as("positions grow with generations")
          .isZero();
    }
  }

  @Test
  void zombie_leaseTakenOver_changesNothingThatWasPublished() throws InterruptedException {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create("2");
      lake.append(table, "a");
      lake.append(table, "b");
      Held held = new Held(CrashPoint.METADATA_WRITTEN);
      try (Replicator zombie = lake.replicator(held)) {
        assertThat(held.reached.await(60, TimeUnit.SECONDS)).isTrue();
        Map<String, Integer> before;
        long generation;
        // Started after the zombie's lease has run out by the database's clock.
        lake.sql("update lease set owner = null, expires_at = dateadd('minute', -1, expires_at)");
        try (Replicator other = lake.replicator(CrashPoints.NONE)) {
          lake.awaitCurrent(table);
          lake.append(table, "c");
          lake.sync(other, table);
          before = files(lake);
          generation = lake.replica().generation();
          held.goOn.countDown();
          TestingLake.await(held::ended);
        }
        Map<String, Integer> after = files(lake);
        assertThat(after).containsAllEntriesOf(before);
        assertThat(lake.replica().generation()).isEqualTo(generation);
        assertThat(lake.replica().failure()).isEmpty();
        assertThat(lake.count("select count(*) from receipt")).isEqualTo(generation);
        ReplicaChecks.assertEqual(lake, table, lake.published());
      }
    }
  }

  @Test
  void reconcile_otherProcessLogsTheVersionMeanwhile_isNoStepBack() throws InterruptedException {
    try (TestingLake lake = new TestingLake(folder)) {
      Table table = lake.create("2");
      Targets rules = (source, name) -> List.of(new Target("eu", lake.root(), name));
      CountDownLatch amid = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      lake.targets(rules);
      try (Replicator first = lake.replicator(CrashPoints.NONE)) {
        lake.append(table, "a");
        lake.sync(first, table);
      }
      lake.append(table, "b");
      // Asked between the look at the table's row and the look at its versions.
      lake.targets(
          (source, name) -> {
            if (calledBy("ensure")) {
              amid.countDown();
              awaitUninterruptibly(goOn);
            }
            return rules.of(source, name);
          });
      try (Replicator slow = lake.replicator(CrashPoints.NONE)) {
        assertThat(amid.await(60, TimeUnit.SECONDS)).isTrue();
        lake.sql("update lease set owner = null");
        lake.targets(rules);
        try (Replicator other = lake.replicator(CrashPoints.NONE)) {
          lake.sync(other, table);
        }
        goOn.countDown();
      }
      assertThat(lake.count("select count(*) from source_table")).as("incarnations").isEqualTo(1);
      assertThat(lake.replica().lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
      ReplicaChecks.assertEqual(lake, table, lake.published());
    }
  }

  private static boolean calledBy(String method) {
    return StackWalker.getInstance()
        .walk(frames -> frames.anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, Integer> files(TestingLake lake) {
    Map<String, Integer> files = new TreeMap<>();
    for (StoredObject object : lake.store().list(lake.replica().folder())) {
      try (InputStream in = lake.store().open(object.location())) {
        files.put(object.location(), Arrays.hashCode(in.readAllBytes()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return files;
  }

  /** Holds the first lane at a point until it may go on, and notices when it claims again. */
  private static final class Held implements CrashPoints {
    private final CrashPoint point;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile Thread thread = Thread.currentThread();
    private volatile boolean passed;

    Held(CrashPoint point) {
      this.point = point;
    }

    @Override
    public void passed(CrashPoint step) {
      if (step == point && reached.getCount() > 0) {
        thread = Thread.currentThread();
        reached.countDown();
        try {
          goOn.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      passed |= step == CrashPoint.FILES_COMPLETE;
    }

    /** The zombie's lane has met the fence: its thread is back in the pool. */
    boolean ended() {
      return passed && thread.getState() == Thread.State.TIMED_WAITING;
    }
  }
}
