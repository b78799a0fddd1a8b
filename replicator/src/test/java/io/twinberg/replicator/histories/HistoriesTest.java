package io.twinberg.replicator.histories;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replica.Replica;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever happens to a table, its replica shows it. {@code -Dhistories=} runs more histories,
 * {@code -Dseed=} the same ones again; one that fails is cut down to the operations that it takes.
 */
class HistoriesTest {
  private static final int HISTORIES = Integer.getInteger("histories", 24);
  private static final int COMMITS = Integer.getInteger("commits", 40);

  @TempDir Path folder;
  private int commits;
  private int looks;
  private int movedSpecs;
  private int movedSchemas;
  private long gaps;
  private long deletions;

  @Test
  void histories_ofRandomOperations_areReplicatedExactly() {
    // A build draws the same histories every time, the nightly run draws others.
    long seed = Long.getLong("seed", 1);
    try (HistoryLake lake = new HistoryLake(folder)) {
      for (int i = 0; i < HISTORIES; i++) {
        history(lake, seed + i);
      }
      deletions = lake.store.deletions();
    }
    System.out.printf(
        "seed=%d histories=%d commits=%d looks=%d moved-specs=%d moved-schemas=%d gaps=%d deletions=%d%n",
        seed, HISTORIES, commits, looks, movedSpecs, movedSchemas, gaps, deletions);
    assertThat(deletions).isGreaterThan(HISTORIES);
    assertThat(commits).isGreaterThan(HISTORIES * COMMITS / 4);
    assertThat(looks).isGreaterThan(HISTORIES);
  }

  private void history(HistoryLake lake, long seed) {
    Random random = Operation.random(seed);
    List<Operation> operations = Operation.history(random, COMMITS, random.nextBoolean());
    Optional<Throwable> failure = failure(lake, seed, operations);
    if (failure.isPresent()) {
      String kind = kind(failure.get());
      List<Operation> shortest =
          new Shrinking(
                  some -> failure(lake, seed, some).filter(f -> kind(f).equals(kind)).isPresent())
              .shrink(operations);
      throw new AssertionError(
          "history -Dseed=%d -Dhistories=1 fails; shortest: %s".formatted(seed, shortest),
          failure(lake, seed, shortest).orElse(failure.get()));
    }
  }

  /** What failed and where, so that a history is not cut down to another failure. */
  private static String kind(Throwable failure) {
    return failure.getClass()
        + Arrays.stream(failure.getStackTrace())
            .filter(frame -> frame.getClassName().startsWith("io.twinberg"))
            .findFirst()
            .map(StackTraceElement::toString)
            .orElse("");
  }

  private Optional<Throwable> failure(HistoryLake lake, long seed, List<Operation> operations) {
    try {
      run(lake, seed, operations);
      return Optional.empty();
    } catch (AssertionError | RuntimeException e) {
      return Optional.of(e);
    }
  }

  private void run(HistoryLake lake, long seed, List<Operation> operations) {
    Random random = Operation.random(seed);
    Random times = new Random(seed);
    int fewest = Math.max(0, random.nextInt(8) - 4);
    HistoryTable history =
        new HistoryTable(lake, random, fewest == 0 ? HistoryLake.ALL : HistoryLake.FEW + fewest);
    Committer committer = new Committer(history);
    HistoryChecks checks = new HistoryChecks(history, fewest);
    List<Operation> all = new ArrayList<>(operations);
    all.add(new Operation(Operation.Kind.SYNC, 0));
    for (Operation operation : all) {
      if (operation.kind() == Operation.Kind.SYNC) {
        lake.clock.step(Duration.ofMinutes(times.nextInt(90)));
        look(history, checks);
      } else if (committer.commit(operation)) {
        commits++;
        history.log();
        checks.remember();
      }
    }
    deleteAll(history);
    checks.checkNothingElse();
    movedSpecs += checks.movedSpec() ? 1 : 0;
    movedSchemas += checks.movedSchema() ? 1 : 0;
    gaps += lake.gaps(history.tableId());
    new VerifiedHistory(history, fewest).check();
  }

  /** Lets everything be found, and then deleted, that nothing names. */
  private void deleteAll(HistoryTable history) {
    for (int i = 0; i < 3; i++) {
      history.lake.clock.step(Duration.ofHours(2));
      history.sync();
    }
  }

  private void look(HistoryTable history, HistoryChecks checks) {
    looks++;
    Replica before = history.replica();
    Replica after = history.sync();
    checks.check(before, after);
    checks.checkIdempotent(after);
  }
}
