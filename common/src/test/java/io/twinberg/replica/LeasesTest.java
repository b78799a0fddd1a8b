package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LeasesTest extends ReplicaContract {
  private static final String RESOURCE = "source/ü";

  private Optional<Lease> claim(String owner) {
    return leases.claim(RESOURCE, owner, LEASE);
  }

  private Instant expiresAt() {
    return one("select expires_at from lease where resource = ?", Instant.class, RESOURCE);
  }

  private Instant databaseTime() {
    return one("select current_timestamp", Instant.class);
  }

  private void fence(Lease lease) {
    database.jdbi().useTransaction(handle -> Leases.fence(handle, lease));
  }

  @Test
  void claim_freeResource_isHeldForTheDurationByTheDatabasesClock() {
    Instant before = databaseTime();

    Lease lease = claim("a").orElseThrow();

    assertThat(lease).isEqualTo(new Lease(RESOURCE, "a", 1));
    assertThat(leases.held(RESOURCE)).isTrue();
    assertThat(expiresAt()).isBetween(before.plus(LEASE), databaseTime().plus(LEASE));
  }

  @Test
  void claim_heldResource_isRefusedToEverybody() {
    claim("a");

    assertThat(claim("b")).isEmpty();
    assertThat(claim("a")).isEmpty();
  }

  @Test
  void claim_otherResource_isIndependent() {
    claim("a");

    assertThat(leases.claim("source/other", "b", LEASE)).isPresent();
  }

  @Test
  void claim_releasedResource_hasALargerToken() {
    leases.release(claim("a").orElseThrow());

    assertThat(leases.held(RESOURCE)).isFalse();
    assertThat(claim("b")).contains(new Lease(RESOURCE, "b", 2));
  }

  @Test
  void releaseAll_ofOneOwner_leavesThoseOfOthers() {
    leases.claim("source/o", "a", LEASE);
    leases.claim("replica/r", "a", LEASE);
    claim("b");

    leases.releaseAll("a");

    assertThat(leases.held("source/o")).isFalse();
    assertThat(leases.held("replica/r")).isFalse();
    assertThat(leases.held(RESOURCE)).isTrue();
  }

  @Test
  void claim_expiredLease_fencesTheOldOwner() {
    Lease old = claim("a").orElseThrow();
    expire(RESOURCE);

    assertThat(leases.held(RESOURCE)).isFalse();
    Lease taken = claim("b").orElseThrow();

    assertThat(taken.token()).isEqualTo(2);
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> fence(old))
        .withMessageContainingAll(RESOURCE, "1");
    assertThatCode(() -> fence(taken)).doesNotThrowAnyException();
    assertThat(leases.renew(old, LEASE)).isFalse();
    leases.release(old);
    assertThat(leases.held(RESOURCE)).isTrue();
  }

  @Test
  void claim_sameOwnerAfterExpiry_isANewLease() {
    Lease old = claim("a").orElseThrow();
    expire(RESOURCE);

    claim("a");

    assertThat(leases.renew(old, LEASE)).isFalse();
  }

  @Test
  void renew_heldLease_prolongsItFromNow() {
    Lease lease = claim("a").orElseThrow();
    Instant before = databaseTime();

    assertThat(leases.renew(lease, Duration.ofHours(1))).isTrue();

    assertThat(expiresAt()).isAfterOrEqualTo(before.plus(Duration.ofHours(1)));
  }

  @Test
  void renew_expiredLeaseThatNobodyClaimed_isStillTheOwners() {
    Lease lease = claim("a").orElseThrow();
    expire(RESOURCE);

    assertThat(leases.renew(lease, LEASE)).isTrue();
    assertThat(leases.held(RESOURCE)).isTrue();
  }

  @Test
  void renew_releasedLease_isLost() {
    Lease lease = claim("a").orElseThrow();
    leases.release(lease);

    assertThat(leases.renew(lease, LEASE)).isFalse();
  }

  @Test
  @Timeout(value = 180, unit = TimeUnit.SECONDS)
  void claim_manyThreadsAtOnce_haveOneWinnerEachRound() throws Exception {
    int threads = 8;
    int rounds = 5;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    CyclicBarrier start = new CyclicBarrier(threads);
    try {
      for (int round = 1; round <= rounds; round++) {
        List<Lease> winners = race(pool, start, threads);
        assertThat(winners).extracting(Lease::token).containsExactly((long) round);
        expire(RESOURCE);
      }
    } finally {
      pool.shutdown();
    }
  }

  private List<Lease> race(ExecutorService pool, CyclicBarrier start, int threads)
      throws Exception {
    List<Future<Optional<Lease>>> claims = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String owner = "owner-" + i;
      claims.add(
          pool.submit(
              () -> {
                start.await();
                return claim(owner);
              }));
    }
    List<Lease> winners = new ArrayList<>();
    for (Future<Optional<Lease>> claim : claims) {
      claim.get().ifPresent(winners::add);
    }
    return winners;
  }
}
