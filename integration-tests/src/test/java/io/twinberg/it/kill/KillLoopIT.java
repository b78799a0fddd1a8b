package io.twinberg.it.kill;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.Setup;
import io.twinberg.it.StorePair;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import io.twinberg.it.kill.WhatClientsWereTold.Commit;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Guarantee G1 with {@code kill -9}: what a client was told is in the log of the dead server, and
 * in the end the replicas equal the source.
 */
class KillLoopIT {
  private static final int KILLS_UNTIL_LOST = 20;

  @TempDir private Path folder;

  @Test
  @Tag("kills")
  void killsOfTheEmbeddedCatalog_loseNothingAcknowledged() {
    try (StorePair stores = StorePair.start(folder)) {
      KillChecks.assertNothingIsLost(Setup.embedded(folder, stores), stores);
    }
  }

  @Test
  void killsInFrontOfAnotherCatalog_loseNothingAcknowledged() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog upstream = fixture(stores)) {
      KillChecks.assertNothingIsLost(Setup.upstream(folder, stores, upstream.uri()), stores);
    }
  }

  /** That the kill loops can fail. */
  @Test
  @Tag("kills")
  void kills_withTheDelayThatH2HasByDefault_loseWhatWasAcknowledged() {
    try (StorePair stores = StorePair.start(folder);
        FixtureCatalog upstream = fixture(stores);
        KillLoop loop =
            new KillLoop(
                Setup.upstream(folder, stores, upstream.uri()),
                stores,
                new Random(KillChecks.SEED),
                DelayedWrites.class.getName())) {
      Set<Commit> lost = Set.of();
      for (int i = 0; i < KILLS_UNTIL_LOST && lost.isEmpty(); i++) {
        lost = loop.killOnce();
      }

      assertThat(lost).as("seed " + KillChecks.SEED).isNotEmpty();
    }
  }

  private FixtureCatalog fixture(StorePair stores) {
    return FixtureCatalog.start(
        FixtureSettings.onS3(
            folder.resolve("upstream"), StorePair.WAREHOUSE, stores.source().properties()));
  }
}
