package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
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

  @Test
  void ask_replicaThatIsGone_asksForTheOthers() {
    resyncs.ask("op-1", List.of("r0", "r1", "r2"));

    assertThat(resyncs.of("op-1")).containsOnlyKeys("r1");
  }

  /** Like whoever pauses or publishes groups, so that no two of them wait for each other. */
  @Test
  void ask_forMany_locksFewAtATimeAndInTheOrderOfTheirIds() {
    List<String> ids = new ArrayList<>();
    for (int i = 249; i >= 100; i--) {
      ids.add("s" + i);
      replicas.create(
          wanted("s" + i, Samples.discover(tables, SOURCE, "t" + i), Samples.name("t" + i)));
    }
    CompletableFuture<Void> asking =
        database
            .jdbi()
            .inTransaction(
                handle -> {
                  Replicas.lock(handle, "s220");
                  CompletableFuture<Void> asked =
                      CompletableFuture.runAsync(() -> resyncs.ask("op-1", ids));
                  Awaitility.await().until(() -> resyncs.of("op-1").size() == 100);
                  assertThat(resyncs.of("op-1").keySet())
                      .containsExactlyInAnyOrderElementsOf(
                          IntStream.range(100, 200).mapToObj(i -> "s" + i).toList());
                  Replicas.lock(handle, "s249");
                  return asked;
                });
    asking.join();
    assertThat(resyncs.of("op-1")).hasSize(150);
  }
}
