package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.twinberg.log.TableVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CondemnedFilesTest extends ReplicaContract {
  private static final List<String> BOTH = List.of("s3://replica/r1/a", "s3://replica/r1/b");
  private static final String A = BOTH.get(0);
  private static final String B = BOTH.get(1);

  private CondemnedFiles files;
  private Lease lease;

  @BeforeEach
  void open() {
    files = new CondemnedFiles(database, clock);
    lease = claim();
  }

  private List<String> condemned(Instant until) {
    return files.condemnedUntil("r1", until, 10).stream().map(CondemnedFile::path).toList();
  }

  private List<String> deleting(Instant until) {
    return files.deletingUntil("r1", until, 10).stream().map(CondemnedFile::path).toList();
  }

  private Publication reviving(String... paths) {
    TableVersion version = append(1);
    return new Publication(
        replica,
        lease,
        version,
        "s3://replica/r1/metadata/1.json",
        List.of(),
        List.of(paths),
        1,
        1,
        OptionalLong.empty(),
        clock.instant());
  }

  @Test
  void condemn_twice_staysCondemnedSinceTheFirstTime() {
    Instant first = clock.instant();
    files.condemn("r1", lease, List.of(A));
    clock.step(Duration.ofHours(1));
    files.condemn("r1", lease, BOTH);

    assertThat(condemned(first)).containsExactly(A);
    assertThat(condemned(clock.instant())).containsExactly(A, B);
    assertThat(files.of("r2")).isEmpty();
  }

  @Test
  void deleting_condemned_isNoMoreAmongThose() {
    files.condemn("r1", lease, BOTH);
    clock.step(Duration.ofHours(1));
    files.deleting("r1", lease, List.of(A, "s3://replica/r1/never-condemned"));

    assertThat(condemned(clock.instant())).containsExactly(B);
    assertThat(deleting(clock.instant())).containsExactly(A);
    assertThat(deleting(clock.instant().minusSeconds(1))).isEmpty();
    assertThat(files.of("r1")).hasSize(2);
  }

  @Test
  void deleting_onceMore_countsFromThenOn() {
    files.condemn("r1", lease, List.of(A));
    files.deleting("r1", lease, List.of(A));
    clock.step(Duration.ofHours(1));
    files.deleting("r1", lease, List.of(A));

    assertThat(deleting(clock.instant().minusSeconds(1))).isEmpty();
    assertThat(deleting(clock.instant())).containsExactly(A);
  }

  @Test
  void gone_onlyWhatIsBeingDeleted_leavesNoRow() {
    files.condemn("r1", lease, BOTH);
    files.deleting("r1", lease, List.of(A));
    files.gone("r1", lease, BOTH);

    assertThat(files.of("r1")).extracting(CondemnedFile::path).containsExactly(B);
  }

  @Test
  void anyChange_lostLease_changesNothing() {
    files.condemn("r1", lease, List.of(A));
    expire(lease.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> files.condemn("r1", lease, List.of(B)));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> files.deleting("r1", lease, List.of(A)));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> files.gone("r1", lease, List.of(A)));
    assertThat(condemned(clock.instant())).containsExactly(A);
  }

  @Test
  void publish_thatNeedsACondemnedFile_revivesItWithThePointer() {
    files.condemn("r1", lease, BOTH);

    publisher.publish(reviving(A));

    assertThat(condemned(clock.instant())).containsExactly(B);
  }

  @Test
  void publish_thatNeedsAFileBeingDeleted_changesNothing() {
    files.condemn("r1", lease, BOTH);
    files.deleting("r1", lease, List.of(A));
    Publication publication = reviving(B, A);

    assertThatIllegalStateException().isThrownBy(() -> publisher.publish(publication));

    assertThat(condemned(clock.instant())).containsExactly(B);
    assertThat(read().generation()).isZero();
    assertThat(told).isEmpty();
  }
}
