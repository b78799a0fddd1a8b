package io.twinberg.replicator.lane;

import static java.util.concurrent.CompletableFuture.runAsync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.config.DataSize;
import io.twinberg.replica.Lease;
import io.twinberg.replicator.TestingLake;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.Throttle;
import io.twinberg.wake.Wake;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends or changes the work of a lane while it waits for its turn to write. */
@Timeout(180)
class ClaimedWorkTest {
  private static final Lease LEASE = new Lease(Lease.ofReplica("0a"), "me", 1);

  /** Two minutes of writing at the limit of these replicas. */
  private static final byte[] LONG = new byte[8 << 20];

  @TempDir private Path folder;
  private final ObjectStore store = ObjectStores.from(Map.of());
  private final Wake lanes = new Wake();
  private final WorkUnderWay underWay = new WorkUnderWay(lanes);
  private ClaimedWork work;
  private CompletableFuture<Void> writing;

  @BeforeEach
  void begin() {
    work = underWay.begin(FreeLanesTest.LIMITED, LEASE);
    writing = runAsync(() -> work.into(store).put("file:" + folder + "/x", LONG));
    TestingLake.await(ClaimedWorkTest::somebodyWaits);
  }

  @AfterEach
  void end() {
    lanes.end();
    store.close();
  }

  private static boolean somebodyWaits() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(Throttle.class.getName()));
  }

  private void assertStops() {
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(writing::join)
        .withCauseInstanceOf(WorkStoppedException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void waiting_untilTheWorkIsStopped_ends() {
    work.stop().stop();
    assertStops();
  }

  /** A lane's own thread is not interrupted: it uses the database. */
  @Test
  void waiting_untilTheLanesEnd_ends() {
    lanes.end();
    assertStops();
  }

  @Test
  void waiting_untilTheLeaseIsLost_ends() {
    underWay.lost(new Lease(LEASE.resource(), "me", LEASE.token() + 1));
    assertThat(work.stop().isStopped()).as("for another lease").isFalse();
    underWay.lost(LEASE);
    assertStops();
  }

  @Test
  void waiting_untilTheLimitIsLifted_ends() {
    work.limit(Optional.empty());
    writing.join();
    assertThat(folder.resolve("x")).hasBinaryContent(LONG);
    assertThat(work.stop().isStopped()).isFalse();
  }

  @Test
  void usualWork_thatIsLimited_isStopped() {
    ClaimedWork usual = ClaimedWork.on(FreeLanesTest.USUAL, LEASE, lanes);
    usual.limit(Optional.empty());
    assertThat(usual.stop().isStopped()).isFalse();
    usual.limit(Optional.of(new DataSize(1 << 20)));
    assertThat(usual.stop().isStopped()).isTrue();
  }
}
