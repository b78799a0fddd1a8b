package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who has asked for the resync of which replica, and what becomes of it. */
class ResyncsTest extends ReplicaContract {
  private Resyncs resyncs;

  @BeforeEach
  void open() {
    resyncs = new Resyncs(database, clock);
  }

  @Test
  void done_resultIsForWhoeverAsked() {
    resyncs.ask("op-1", List.of("r1"));
    assertThat(resyncs.askedBy("r1")).contains("op-1");

    resyncs.done("r1", "op-1", claim(), "all is well");

    assertThat(resyncs.of("op-1")).isEqualTo(Map.of("r1", Optional.of("all is well")));
    assertThat(resyncs.askedBy("r1")).isEmpty();
  }

  /** What came before the check may be damaged since: only a check that begins later will do. */
  @Test
  void done_anotherOperationHasAskedMeanwhile_waitsStill() {
    resyncs.ask("op-1", List.of("r1"));
    Lease lease = claim();
    resyncs.ask("op-2", List.of("r1"));

    resyncs.done("r1", "op-1", lease, "all was well");

    assertThat(resyncs.of("op-1")).isEmpty();
    assertThat(resyncs.of("op-2")).isEqualTo(Map.of("r1", Optional.empty()));
    assertThat(resyncs.askedBy("r1")).contains("op-2");
  }

  @Test
  void done_twice_theFirstResultStays() {
    resyncs.ask("op-1", List.of("r1"));
    Lease lease = claim();
    resyncs.done("r1", "op-1", lease, "first");
    resyncs.done("r1", "op-1", lease, "second");

    assertThat(resyncs.of("op-1")).isEqualTo(Map.of("r1", Optional.of("first")));
  }
}
