package io.twinberg.replicator.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import io.twinberg.replicator.TestingLake;
import io.twinberg.testing.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldLeasesTest {
  private static final String RESOURCE = Lease.ofReplica("0a");

  @TempDir private Path folder;
  private Database database;
  private Leases leases;
  private HeldLeases held;
  private HeldLeases others;
  private final Queue<Lease> lost = new ConcurrentLinkedQueue<>();

  @BeforeEach
  void open() {
    database = Databases.h2(folder);
    leases = new Leases(database);
    held = new HeldLeases(leases, "me", Duration.ofMinutes(1), lost::add);
    others = new HeldLeases(leases, "other", Duration.ofMinutes(1), lost::add);
  }

  @AfterEach
  void close() {
    held.close();
    others.close();
    database.close();
  }

  @Test
  void take_ofARestingLease_isTheSameLeaseAndAfterwardsNobodyElses() {
    Lease lease = held.take(RESOURCE).orElseThrow();
    assertThat(held.take(RESOURCE)).as("under work").isEmpty();

    held.rest(lease);

    assertThat(others.take(RESOURCE)).isEmpty();
    assertThat(held.take(RESOURCE)).contains(lease);
  }

  @Test
  void rest_withoutMoreWork_endsByItself() {
    Lease lease = held.take(RESOURCE).orElseThrow();
    held.rest(lease);

    TestingLake.await(() -> !leases.held(RESOURCE));

    assertThat(others.take(RESOURCE).orElseThrow().token()).isEqualTo(lease.token() + 1);
    assertThat(held.take(RESOURCE)).isEmpty();
  }

  @Test
  void release_isAtOnce() {
    held.release(held.take(RESOURCE).orElseThrow());

    assertThat(others.take(RESOURCE)).isPresent();
  }

  @Test
  void close_givesBackWhatRestsAndWhatIsUnderWork() {
    held.rest(held.take(RESOURCE).orElseThrow());
    assertThat(held.take(Lease.ofReplica("0b"))).isPresent();

    held.close();

    assertThat(others.take(RESOURCE)).isPresent();
    assertThat(others.take(Lease.ofReplica("0b"))).isPresent();
  }

  @Test
  void rest_afterTheEnd_givesBack() {
    Lease lease = held.take(RESOURCE).orElseThrow();
    held.close();

    held.rest(lease);

    assertThat(leases.held(RESOURCE)).isFalse();
  }

  @Test
  void leaseLostWhileItRests_isNotTakenAgain() {
    held.close();
    held = new HeldLeases(leases, "me", Duration.ofMillis(600), lost::add);
    Lease lease = held.take(RESOURCE).orElseThrow();
    held.rest(lease);
    leases.release(lease);
    Lease taken = others.take(RESOURCE).orElseThrow();

    // The next heartbeat learns of it.
    TestingLake.await(() -> held.take(RESOURCE).filter(lease::equals).map(this::again).isEmpty());

    assertThat(taken.token()).isGreaterThan(lease.token());
    assertThat(held.heldNow()).as("prolonged still").isEmpty();
  }

  @Test
  void leaseLostUnderWork_isToldToWhoeverWorks() {
    held.close();
    held = new HeldLeases(leases, "me", Duration.ofMillis(600), lost::add);
    Lease lease = held.take(RESOURCE).orElseThrow();
    assertThat(lost).isEmpty();

    leases.release(lease);

    TestingLake.await(() -> lost.contains(lease));
  }

  private Lease again(Lease lease) {
    held.rest(lease);
    return lease;
  }

  /** An interrupt while H2 reads or writes would close its file under all others. */
  @Test
  void close_whileALeaseIsRenewed_interruptsNobody() {
    CountDownLatch renewing = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    AtomicReference<Optional<Boolean>> interrupted = new AtomicReference<>(Optional.empty());
    HeldLeases brief =
        new HeldLeases(
            leases,
            "brief",
            Duration.ofMillis(300),
            lease -> {
              renewing.countDown();
              interrupted.set(Optional.of(isInterruptedBefore(closed)));
            });
    assertThat(brief.take(RESOURCE)).isPresent();
    database.jdbi().useHandle(handle -> handle.execute("update lease set token = token + 1"));
    TestingLake.await(() -> renewing.getCount() == 0);

    brief.close();
    closed.countDown();

    TestingLake.await(() -> interrupted.get().isPresent());
    assertThat(interrupted.get()).contains(false);
  }

  private static boolean isInterruptedBefore(CountDownLatch latch) {
    try {
      return !latch.await(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
