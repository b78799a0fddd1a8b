package io.twinberg.replica;

import static io.twinberg.testing.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.config.RefSelection;
import io.twinberg.log.TableVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReplicaFailuresTest extends ReplicaContract {
  private static final ReplicaSettings PREFERRED =
      new ReplicaSettings(Optional.empty(), new RefSelection.All(), 5, Optional.empty());

  private static ReplicaFailure failure(String code, Instant since, boolean needsPerson) {
    return new ReplicaFailure(code, "denied: ü", Optional.of("s3://lake/f"), since, needsPerson);
  }

  @Test
  void record_severalTimes_countsAndKeepsSince() {
    Lease lease = claim();
    Instant first = clock.instant();
    failures.record("r1", lease, failure("A", first, false), first.plusSeconds(1));
    clock.step(Duration.ofMinutes(1));

    failures.record(
        "r1", lease, failure("B", clock.instant(), true), clock.instant().plusSeconds(2));

    assertThat(read().failure()).contains(failure("B", first, true));
    assertThat(read().attempts()).isEqualTo(2);
    assertThat(read().nextAttemptAt()).isEqualTo(clock.instant().plusSeconds(2));
    assertThat(read().position()).isZero();
  }

  /** Fails as often as said, with what does not heal by itself, and gives up if that is enough. */
  private void failInVain(int times) {
    Lease lease = claim();
    for (int i = 0; i < times; i++) {
      failures.record("r1", lease, failure("CORRUPT", clock.instant(), true), clock.instant());
    }
    failures.giveUp(
        "r1", lease, 5, tables.find(orders.id()).orElseThrow().headPosition().orElse(0));
    leases.release(lease);
  }

  private List<Replica> waiting() {
    return replicas.waiting("me", 10);
  }

  @Test
  void record_inVainAgainAndAgain_isGivenUpUntilTheTableHasALaterVersion() {
    append(1);
    failInVain(4);
    assertThat(read().givenUpHead()).isEmpty();
    assertThat(waiting()).hasSize(1);

    failInVain(1);
    assertThat(read().vainAttempts()).isEqualTo(5);
    assertThat(read().givenUpHead()).hasValue(1);
    assertThat(waiting()).isEmpty();
    assertThat(replicas.waitingBehind(SOURCE, 0, "me", 10, true)).isEmpty();

    append(2);
    assertThat(waiting()).hasSize(1);
    assertThat(replicas.waitingBehind(SOURCE, 1, "me", 10, true)).hasSize(1);
  }

  @Test
  void record_amidWithWhatHeals_isCountedAnew() {
    append(1);
    failInVain(4);
    Lease lease = claim();
    failures.record("r1", lease, failure("SOURCE_DENIED", clock.instant(), true), clock.instant());
    assertThat(read().vainAttempts()).isZero();
    assertThat(read().attempts()).isEqualTo(5);
    leases.release(lease);

    failInVain(4);
    assertThat(waiting()).hasSize(1);
  }

  @Test
  void givenUp_afterSomethingHasChanged_isTriedAgainFromTheBeginning() {
    append(1);
    List<Runnable> changes =
        List.of(
            () -> failures.retryNow("r1"),
            () -> new Resyncs(database, clock).ask("op", List.of("r1")),
            () -> {
              new Pauses(database, clock).pause(List.of(Paused.replica("r1")), "me");
              new Pauses(database, clock).resume(List.of(Paused.replica("r1")));
            },
            () -> replicas.settle(read(), PREFERRED),
            () -> replicas.renamed("r1", name("renamed")),
            () -> failures.tryGivenUp());
    for (int i = 0; i < changes.size(); i++) {
      failInVain(5);
      assertThat(waiting()).as("before change %d", i).isEmpty();
      changes.get(i).run();
      assertThat(waiting()).as("after change %d", i).hasSize(1);
      assertThat(read().vainAttempts()).as("after change %d", i).isZero();
    }
  }

  @Test
  void givenUp_whoseTableTakesAnotherWay_getsItsPointerObject() {
    Lease first = claim();
    publisher.publish(publication(replica, first, append(1)));
    leases.release(first);
    append(2);
    List<Runnable> ways =
        List.of(
            () -> replicas.sourceDropped(orders.id()),
            () -> replicas.renamed("r1", name("orders")),
            () -> replicas.unmatched("r1"),
            () -> replicas.archive("r1"));
    for (int i = 0; i < ways.size(); i++) {
      replicas.pointerWritten(read());
      failInVain(5);
      assertThat(waiting()).as("before way %d", i).isEmpty();
      ways.get(i).run();
      assertThat(waiting()).as("after way %d", i).hasSize(1);
    }
  }

  @Test
  void givenUp_thatPublishesAfterAll_startsAnew() {
    TableVersion version = append(1);
    failInVain(5);
    Replica published = publisher.publish(publication(read(), claim(), version));
    assertThat(published.vainAttempts()).isZero();
    assertThat(published.givenUpHead()).isEmpty();
  }

  @Test
  void giveUp_afterSomebodyAskedForAnotherAttempt_isNot() {
    append(1);
    Lease lease = claim();
    for (int i = 0; i < 5; i++) {
      failures.record("r1", lease, failure("CORRUPT", clock.instant(), true), clock.instant());
    }
    failures.retryNow("r1");

    assertThat(failures.giveUp("r1", lease, 5, 1)).isFalse();
    assertThat(read().givenUpHead()).isEmpty();
  }

  @Test
  void giveUp_lostLease_recordsNothing() {
    append(1);
    failInVain(4);
    Lease old = claim();
    failures.record("r1", old, failure("CORRUPT", clock.instant(), true), clock.instant());
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> failures.giveUp("r1", old, 5, 1));
    assertThat(read().givenUpHead()).isEmpty();
  }

  @Test
  void record_withoutFile_isReadBackWithoutIt() {
    ReplicaFailure failure = new ReplicaFailure("A", "m", Optional.empty(), clock.instant(), false);

    failures.record("r1", claim(), failure, clock.instant());

    assertThat(read().failure()).contains(failure);
  }

  @Test
  void record_lostLease_recordsNothing() {
    Lease old = claim();
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () -> failures.record("r1", old, failure("A", clock.instant(), true), clock.instant()));

    assertThat(read()).isEqualTo(replica);
  }
}
