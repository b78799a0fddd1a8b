package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.log.SourceTable;
import io.twinberg.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Failures are counted for good, though a replica's row keeps only its last one. */
class FailureCountsTest extends ReplicaContract {
  private FailureCounts counts;

  @BeforeEach
  void open() {
    counts = new FailureCounts(database);
  }

  private void fail(String id, Lease lease, String code) {
    ReplicaFailure failure =
        new ReplicaFailure(code, "it broke", Optional.empty(), clock.instant(), false);
    failures.record(id, lease, failure, clock.instant());
  }

  private static FailureCounts.Reason reason(String code) {
    return new FailureCounts.Reason(DESTINATION, code);
  }

  @Test
  void failures_eachAttempt_countByDestinationAndCodeAndStayWhenItGoesWell() {
    assertThat(counts.byReason()).isEmpty();
    Lease lease = claim();
    fail("r1", lease, "CORRUPT");
    fail("r1", lease, "DESTINATION_DENIED");
    fail("r1", lease, "CORRUPT");
    publisher.publish(publication(read(), lease, append(1)));

    assertThat(read().failure()).isEmpty();
    assertThat(counts.byReason())
        .isEqualTo(Map.of(reason("CORRUPT"), 2L, reason("DESTINATION_DENIED"), 1L));
  }

  @Test
  void failure_ofWhoLostTheLease_doesNotCount() {
    Lease old = claim();
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> fail("r1", old, "CORRUPT"));
    assertThat(counts.byReason()).isEmpty();
  }

  /** A destination that goes away fails all its lanes at once, over one row. */
  @Test
  void failures_ofManyLanesAtOnce_allCount() {
    List<CompletableFuture<Void>> lanes = new ArrayList<>();
    for (int lane = 0; lane < 8; lane++) {
      String id = "lane" + lane;
      SourceTable table = Samples.discover(tables, SOURCE, id);
      replicas.create(wanted(id, table, Samples.name(id)));
      Lease lease = leases.claim(Lease.ofReplica(id), "worker", LEASE).orElseThrow();
      lanes.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 20; i++) {
                  fail(id, lease, "DESTINATION_UNAVAILABLE");
                }
              }));
    }
    lanes.forEach(CompletableFuture::join);

    assertThat(counts.byReason()).isEqualTo(Map.of(reason("DESTINATION_UNAVAILABLE"), 160L));
  }
}
