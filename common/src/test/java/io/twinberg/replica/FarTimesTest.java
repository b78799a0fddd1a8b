package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.FarTimes;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What was put off, and then the clock is set back by an hour. */
class FarTimesTest extends ReplicaContract {
  private static final Duration BACK = Duration.ofHours(-1);
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private FarTimes times;
  private IntentLog intents;

  @BeforeEach
  void open() {
    times = new FarTimes(database, clock, Duration.ofSeconds(30), Duration.ofMinutes(1));
    intents = new IntentLog(database, clock, "this one");
  }

  private long intent() {
    return intents.open(
        new NewIntent(
            SOURCE,
            "",
            IntentKind.UPDATE_TABLE,
            List.of(Samples.name("orders")),
            new byte[0],
            "request",
            Optional.empty()));
  }

  private void put(String sql, Object... arguments) {
    database.jdbi().useHandle(handle -> handle.execute(sql, arguments));
  }

  @Test
  void nothing_whileTheClockGoesOn_isMoved() {
    Lease lease = claim();
    failures.record("r1", lease, failure(), clock.instant().plus(LONGEST));
    put("update source_table set check_after = ?", clock.instant().plus(LONGEST));
    clock.step(Duration.ofMinutes(1));

    assertThat(times.bringBack(SOURCE)).isZero();
    assertThat(leases.claim(Lease.ofReplica("r1"), "another", LEASE)).isEmpty();
  }

  /** However long {@code retry-max} is. */
  @Test
  void replica_thatWaitsAsLongAsTheSettingsSay_isNotMoved() {
    append(1);
    Lease lease = claim();
    failures.record("r1", lease, failure(), clock.instant().plus(Duration.ofHours(6)));
    leases.release(lease);

    FarTimes set = new FarTimes(database, clock, Duration.ofHours(6), Duration.ofMinutes(1));
    assertThat(set.bringBack(SOURCE)).isZero();
    assertThat(replicas.waiting("me", 10)).isEmpty();
  }

  /** However long {@code reconcile.interval} is; else the source would be asked all the time. */
  @Test
  void table_thatWaitsAsLongAsTheSettingsSay_isNotMoved() {
    put("update source_table set check_after = ?", clock.instant().plus(Duration.ofHours(6)));

    FarTimes set = new FarTimes(database, clock, Duration.ofSeconds(30), Duration.ofHours(6));
    assertThat(set.bringBack(SOURCE)).isZero();
    assertThat(checks.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void intent_thatWaitsForItsNextLook_isDue() {
    long unknown = intent();
    intents.settle(unknown, new Outcome.Unknown(Optional.empty(), "no answer"));
    intents.checkAgain(unknown, Duration.ofMinutes(1));
    long committed = intent();
    intents.settle(committed, new Outcome.Committed(200, Optional.empty()));
    clock.step(BACK);
    assertThat(intents.due(SOURCE, 10)).isEmpty();

    times.bringBack(SOURCE);
    assertThat(intents.due(SOURCE, 10)).hasSize(2);
  }

  @Test
  void intent_ofAProcessThatDied_isAdopted() {
    intents.heartbeat();
    long orphan = intent();
    clock.step(BACK);
    times.bringBack(SOURCE);
    clock.step(Duration.ofMinutes(1));

    IntentLog other = new IntentLog(database, clock, "another one");
    assertThat(other.adoptOrphans(SOURCE, Duration.ofSeconds(30))).isOne();
    assertThat(other.due(SOURCE, 10))
        .singleElement()
        .satisfies(one -> assertThat(one.id()).isEqualTo(orphan));
  }

  @Test
  void table_thatWaitsForItsNextLook_isDue() {
    put("update source_table set check_after = ?", clock.instant().plus(LONGEST));
    clock.step(BACK);
    assertThat(checks.due(SOURCE, 10)).isEmpty();

    times.bringBack("another");
    assertThat(checks.due(SOURCE, 10)).isEmpty();
    times.bringBack(SOURCE);
    assertThat(checks.due(SOURCE, 10)).hasSize(1);
  }

  @Test
  void replica_thatWaitsForItsNextAttempt_isDue() {
    append(1);
    Lease lease = claim();
    failures.record("r1", lease, failure(), clock.instant().plus(LONGEST));
    leases.release(lease);
    clock.step(BACK);
    assertThat(replicas.waiting("me", 10)).isEmpty();

    times.bringBack(SOURCE);
    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("r1");
  }

  private ReplicaFailure failure() {
    return new ReplicaFailure(
        "DESTINATION_UNAVAILABLE", "no answer", Optional.empty(), clock.instant(), false);
  }

  /** Its holder is kept out by the token, should it be alive. */
  @Test
  void lease_ofADeadHolderWhenTheDatabaseSClockWasSetBack_canBeClaimed() {
    Lease lease = claim();
    put("update lease set expires_at = expires_at + interval '1' hour");
    assertThat(leases.claim(lease.resource(), "another", LEASE)).isEmpty();

    times.bringBack(SOURCE);
    assertThat(leases.claim(lease.resource(), "another", LEASE)).isPresent();
    assertThat(leases.renew(lease, LEASE)).isFalse();
  }

  @Test
  void others_thatLieAnHourAhead_areBroughtBack() {
    Instant ahead = clock.instant().plus(Duration.ofHours(1));
    put(
        """
        insert into mirrored_namespace (id, source, source_namespace, source_hash, destination, namespace, folder, properties,
                                        dropped, generation, pointer_generation, attempts, next_attempt_at, created_at)
        values ('n1', ?, 'a', 'h', 'eu', 'a', 'f', '{}', false, 1, 0, 0, ?, ?)
        """,
        SOURCE,
        ahead,
        ahead);
    put(
        """
        insert into operation (id, kind, state, target, requested_by, requested_at, claimed_until)
        values ('o1', 'VERIFY', 'RUNNING', '{}', 'me', ?, current_timestamp + interval '1' hour)
        """,
        ahead);
    assertThat(times.bringBack(SOURCE)).isEqualTo(2);
    assertThat(times.bringBack(SOURCE)).isZero();
  }
}
