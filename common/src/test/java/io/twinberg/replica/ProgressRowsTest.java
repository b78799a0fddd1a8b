package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressRowsTest extends ReplicaContract {
  private static final OptionalLong UNKNOWN = OptionalLong.empty();

  private ProgressRows progress;

  @BeforeEach
  void open() {
    progress = new ProgressRows(database);
  }

  private ReplicaProgress reached(long files, OptionalLong filesTotal, OptionalLong bytesTotal) {
    Instant start = clock.instant();
    return new ReplicaProgress(
        5, start, start.plusSeconds(10), 0, 1, files, filesTotal, 1000, bytesTotal);
  }

  private Map<String, ReplicaProgress> found() {
    return progress.of(List.of("r1", "other"));
  }

  @Test
  void report_isFoundUntilItsEnd() {
    Lease lease = claim();
    ReplicaProgress half = reached(2, OptionalLong.of(8), OptionalLong.of(4000));

    progress.report("r1", lease, reached(1, UNKNOWN, UNKNOWN));
    assertThat(found()).containsExactly(Map.entry("r1", reached(1, UNKNOWN, UNKNOWN)));
    progress.report("r1", lease, half);
    assertThat(found()).containsExactly(Map.entry("r1", half));

    progress.end("r1", lease);
    assertThat(found()).isEmpty();
  }

  @Test
  void report_underALeaseThatIsLost_isNotFound_norEndsAnothers() {
    Lease lost = claim();
    progress.report("r1", lost, reached(1, UNKNOWN, UNKNOWN));
    expire(Lease.ofReplica("r1"));
    assertThat(found()).as("nobody holds it").isEmpty();

    Lease newer = claim();
    assertThat(found()).as("held by somebody else").isEmpty();
    progress.report("r1", newer, reached(3, UNKNOWN, UNKNOWN));
    progress.end("r1", lost);
    progress.endAbandoned();
    assertThat(found()).containsKey("r1");

    expire(Lease.ofReplica("r1"));
    progress.endAbandoned();
    assertThat(rows("replica_progress")).isZero();
  }

  @Test
  void bytesLeft_ofWhatIsCounted_addUpByDestinationWhileTheLeaseIsHeld() {
    replicas.create(
        new NewReplica("r2", orders.id(), SOURCE, "us", orders.name(), "f2", List.of()));
    Lease lease = claim();
    assertThat(progress.bytesLeft()).isEmpty();
    progress.report("r1", lease, reached(1, UNKNOWN, UNKNOWN));
    assertThat(progress.bytesLeft()).as("nobody has counted them").isEmpty();

    progress.report("r1", lease, reached(1, UNKNOWN, OptionalLong.of(4000)));
    progress.report(
        "r2",
        leases.claim(Lease.ofReplica("r2"), "me", Duration.ofMinutes(1)).orElseThrow(),
        reached(1, UNKNOWN, OptionalLong.of(900)));

    assertThat(progress.bytesLeft())
        .as("a summary that said too little leaves nothing")
        .isEqualTo(Map.of("eu", 3000L, "us", 0L));
    expire(Lease.ofReplica("r1"));
    assertThat(progress.bytesLeft()).isEqualTo(Map.of("us", 0L));
  }

  @Test
  void report_ofAReplicaThatIsGone_isNone() {
    progress.report("gone", claim(), reached(1, UNKNOWN, UNKNOWN));

    assertThat(rows("replica_progress")).isZero();
  }

  @Test
  void estimatedEnd_goesByBytesElseByFilesElseIsUnknown() {
    Instant now = clock.instant().plusSeconds(10);

    assertThat(reached(2, OptionalLong.of(8), OptionalLong.of(4000)).estimatedEnd())
        .contains(now.plusSeconds(30));
    assertThat(reached(2, OptionalLong.of(8), UNKNOWN).estimatedEnd())
        .contains(now.plusSeconds(30));
    assertThat(reached(2, UNKNOWN, UNKNOWN).estimatedEnd()).isEmpty();
    assertThat(reached(0, OptionalLong.of(8), UNKNOWN).estimatedEnd()).isEmpty();
    assertThat(reached(2, UNKNOWN, OptionalLong.of(10)).estimatedEnd())
        .as("summaries may say too little")
        .contains(now);
    assertThat(
            new ReplicaProgress(
                    5,
                    now,
                    now.plus(Duration.ofSeconds(9)),
                    1,
                    3,
                    4,
                    UNKNOWN,
                    1,
                    OptionalLong.of(8))
                .estimatedEnd())
        .as("one more snapshot is not planned yet")
        .isEmpty();
  }
}
