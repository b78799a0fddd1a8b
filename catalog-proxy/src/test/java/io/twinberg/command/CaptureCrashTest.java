package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.testing.Crash;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process that dies at any step of a commit's way through the proxy or of its explanation: the
 * next one has it in the log once, if the source has it, and never otherwise. {@code
 * -Dcrash-pairs=} sets how many pairs of points, {@code -Dseed=} which.
 */
@Timeout(240)
class CaptureCrashTest {
  private static final int PAIRS = Integer.getInteger("crash-pairs", 4);
  private static final EnumSet<CrashPoint> OF_THE_PROXY =
      EnumSet.of(CrashPoint.INTENT_OPENED, CrashPoint.ANSWERED, CrashPoint.SETTLED);
  private static final EnumSet<CrashPoint> OF_THE_RECONCILER =
      EnumSet.of(CrashPoint.VERSION_LOGGED, CrashPoint.INTENT_LOGGED);

  /**
   * Those that the replication of one append to a known table passes. The others are the
   * replicator's own tests', which leave an intent in the log as capture does.
   */
  private static final EnumSet<CrashPoint> OF_A_LANE =
      EnumSet.of(
          CrashPoint.CLAIMED,
          CrashPoint.PLANNED,
          CrashPoint.FILE_COPIED,
          CrashPoint.SNAPSHOT_TRANSFERRED,
          CrashPoint.SNAPSHOTS_TRANSFERRED,
          CrashPoint.METADATA_WRITTEN,
          CrashPoint.FILES_COMPLETE,
          CrashPoint.PUBLISHED,
          CrashPoint.POINTER_WRITTEN);

  @TempDir Path folder;

  /** All ordered pairs with a step of the proxy; the others are the replicator's own. */
  static List<Arguments> pairs() {
    long seed = Long.getLong("seed", System.nanoTime());
    EnumSet<CrashPoint> points = EnumSet.copyOf(OF_THE_PROXY);
    points.addAll(OF_THE_RECONCILER);
    points.addAll(OF_A_LANE);
    List<Arguments> pairs = new ArrayList<>();
    for (CrashPoint first : points) {
      for (CrashPoint second : points) {
        if (OF_THE_PROXY.contains(first) || OF_THE_PROXY.contains(second)) {
          pairs.add(Arguments.of(first, second, seed));
        }
      }
    }
    Collections.shuffle(pairs, new Random(seed));
    return pairs.subList(0, Math.min(PAIRS, pairs.size()));
  }

  /** What the next process makes of the intent: it can tell only by asking the source. */
  @ParameterizedTest
  @CsvSource({
    "INTENT_OPENED, ITS_OWN, PENDING, ABANDONED",
    "ANSWERED, ITS_OWN, PENDING, LOGGED",
    "ANSWERED, CONFLICT, PENDING, LOGGED",
    "ANSWERED, RESET, PENDING, LOGGED",
    "SETTLED, ITS_OWN, COMMITTED, LOGGED",
    "SETTLED, CONFLICT, REJECTED, REJECTED",
    "SETTLED, RESET, UNKNOWN, LOGGED"
  })
  void commit_processDiesAtPoint_isInTheLogOnceIffTheSourceHasIt(
      CrashPoint point, Reply reply, String left, String inTheEnd) {
    try (UpstreamWorld world = new UpstreamWorld(folder, 1).settle(Duration.ofSeconds(1))) {
      Table table = world.create("orders");
      world.upstream().plan().add(UpstreamRule.of(UpstreamFault.after(reply)).on("POST", ""));
      RawCommit commit = RawCommit.append(UpstreamWorld.id("orders"), table);

      Crash crash = new Crash(point);
      world.start(EnumSet.of(Role.PROXY), crash);
      assertThat(commit.send(world.port()).statusCode()).as("nobody is told").isEqualTo(500);
      assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
      assertThat(world.log().intents(commit.requestId())).containsExactly(left);
      world.stop();

      world.start();
      eventually(
          () -> assertThat(world.log().intents(commit.requestId())).containsExactly(inTheEnd));
      assertSame(world, Optional.of(commit).filter(any -> point != CrashPoint.INTENT_OPENED));
    }
  }

  private static void assertSame(UpstreamWorld world, Optional<RawCommit> landed) {
    SourceTruth truth = new SourceTruth(world);
    truth.assertCaptured(UpstreamWorld.id("orders"));
    List<Long> snapshots = landed.map(RawCommit::snapshot).stream().toList();
    assertThat(truth.snapshots(UpstreamWorld.id("orders"))).isEqualTo(snapshots);
    assertThat(world.log().snapshots(UpstreamWorld.id("orders"))).isEqualTo(snapshots);
  }

  @ParameterizedTest(name = "{0} and then {1}, seed {2}")
  @MethodSource("pairs")
  void recovery_processDiesAgain_thirdProcessHasEachCommitOnceIffTheSourceHasIt(
      CrashPoint first, CrashPoint second, long seed) {
    try (UpstreamWorld world = new UpstreamWorld(folder, seed).settle(Duration.ofSeconds(1))) {
      Table table = world.create("orders");
      List<RawCommit> commits = new ArrayList<>();
      for (CrashPoint point : List.of(first, second)) {
        Crash crash = new Crash(point);
        world.start(EnumSet.allOf(Role.class), crash);
        // What the first process left may bring the second one down before this arrives.
        commits.add(RawCommit.append(UpstreamWorld.id("orders"), table));
        commits.get(commits.size() - 1).send(world.port());
        assertThat(crash.awaitReached()).as("point " + point + " is reached").isTrue();
        world.stop();
      }
      world.start();
      commits.add(RawCommit.append(UpstreamWorld.id("orders"), table));
      assertThat(commits.get(2).send(world.port()).statusCode()).isEqualTo(200);

      commits.forEach(commit -> assertClosed(world, commit));
      SourceTruth truth = new SourceTruth(world);
      truth.assertCaptured(UpstreamWorld.id("orders"));
      assertThat(world.log().snapshots(UpstreamWorld.id("orders")))
          .isEqualTo(truth.snapshots(UpstreamWorld.id("orders")));
    }
  }

  /** One that came after the crash has no intent, and was not forwarded. */
  private static void assertClosed(UpstreamWorld world, RawCommit commit) {
    if (new SourceTruth(world).snapshots(commit.table()).contains(commit.snapshot())) {
      eventually(
          () -> assertThat(world.log().intents(commit.requestId())).containsExactly("LOGGED"));
    } else {
      eventually(() -> assertThat(world.log().intents(commit.requestId())).isSubsetOf("ABANDONED"));
    }
  }

  @Test
  void points_ofCapture_arePassedInTheirOrder() {
    List<CrashPoint> passed = Collections.synchronizedList(new ArrayList<>());
    CrashPoints recording = passed::add;
    try (UpstreamWorld world = new UpstreamWorld(folder, 1)) {
      Table table = world.create("orders");
      world.start(EnumSet.of(Role.PROXY), recording);
      RawCommit.append(UpstreamWorld.id("orders"), table).send(world.port());
      assertThat(passed).containsExactlyElementsOf(OF_THE_PROXY);
    }
  }
}
