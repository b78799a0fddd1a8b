package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.it.RunningTwinberg;
import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.TableHistory;
import io.twinberg.it.Verification;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What holds after every kill, and in the end. {@code -Dkills=} sets how many, {@code -Dseed=}
 * when.
 */
final class KillChecks {
  static final long SEED = Long.getLong("seed", System.nanoTime());

  private static final int KILLS = Integer.getInteger("kills", 5);
  private static final Duration CAUGHT_UP = Duration.ofMinutes(3);
  private static final String[] SERVE = {"io.twinberg.command.Main", "serve", "--config"};

  private final WhatClientsWereTold told;
  private final RunningTwinberg twinberg;

  private KillChecks(WhatClientsWereTold told, RunningTwinberg twinberg) {
    this.told = told;
    this.twinberg = twinberg;
  }

  /** Kills the server of a source whose tables show all their snapshots. */
  static void assertNothingIsLost(Setup setup, StorePair stores) {
    kill(setup, stores, checks -> checks.assertReplicasEqualSource());
  }

  /** Kills the server of a source that shows the newest snapshot of a table and no other. */
  static void assertNothingIsLostOfAForgetfulSource(Setup setup, StorePair stores) {
    kill(setup, stores, checks -> checks.assertReplicasHoldWhatTheSourceForgot());
  }

  private static void kill(Setup setup, StorePair stores, Consumer<KillChecks> inTheEnd) {
    try (KillLoop loop = new KillLoop(setup, stores, new Random(SEED), SERVE)) {
      for (int i = 1; i <= KILLS; i++) {
        assertThat(loop.killOnce()).as("lost by kill %d, seed %d", i, SEED).isEmpty();
      }
      loop.endCommitting();
      try (RunningTwinberg last = RunningTwinberg.start(setup)) {
        KillChecks checks = new KillChecks(loop.told(), last);
        try {
          inTheEnd.accept(checks);
        } catch (AssertionError e) {
          throw new AssertionError("seed " + SEED, e);
        }
        checks.assertVerified();
      }
    }
  }

  private void assertReplicasEqualSource() {
    Set<Commit> atSource = new HashSet<>();
    for (String table : KillLoop.TABLES) {
      TableHistory source = history(Setup.SOURCE, table);
      atSource.addAll(commits(table, source));
      // A table may be so young that no life was long enough for its replica.
      await(table)
          .atMost(CAUGHT_UP)
          .until(() -> found(Setup.DESTINATION, table), Optional.of(source)::equals);
    }
    assertThat(atSource).as("seed " + SEED).containsAll(told.acknowledged());
    assertThat(atSource).as("seed " + SEED).doesNotContainAnyElementsOf(told.rejected());
    log().assertLoggedOnce(KillLoop.TABLES);
  }

  private void assertReplicasHoldWhatTheSourceForgot() {
    Set<Commit> atReplicas = new HashSet<>();
    for (String table : KillLoop.TABLES) {
      long newest = history(Setup.SOURCE, table).lastSequenceNumber();
      await(table)
          .atMost(CAUGHT_UP)
          .until(
              () -> found(Setup.DESTINATION, table).map(TableHistory::lastSequenceNumber),
              Optional.of(newest)::equals);
      atReplicas.addAll(commits(table, history(Setup.DESTINATION, table)));
    }
    assertThat(atReplicas).as("seed " + SEED).containsAll(told.acknowledged());
    assertThat(atReplicas).as("seed " + SEED).doesNotContainAnyElementsOf(told.rejected());
    log().assertLoggedOnceOfAForgetfulSource();
  }

  private LogOfAll log() {
    return new LogOfAll(twinberg, told, KillLoop.NAMESPACE);
  }

  private void assertVerified() {
    System.out.printf(
        "%d kills, seed %d: %d commits acknowledged, %d rejected%n",
        KILLS, SEED, told.acknowledged().size(), told.rejected().size());
    assertThat(told.acknowledged()).as("commits").hasSizeGreaterThan(KILLS);
    for (String table : KillLoop.TABLES) {
      Verification.assertClean(twinberg, KillLoop.NAMESPACE, table, "current");
    }
  }

  private TableHistory history(String catalog, String table) {
    return found(catalog, table).orElseThrow();
  }

  private Optional<TableHistory> found(String catalog, String table) {
    return twinberg.reads(catalog).history(KillLoop.NAMESPACE, table);
  }

  private static Set<Commit> commits(String table, TableHistory history) {
    return history.snapshots().stream()
        .map(snapshot -> new Commit(table, snapshot.id()))
        .collect(Collectors.toSet());
  }
}
