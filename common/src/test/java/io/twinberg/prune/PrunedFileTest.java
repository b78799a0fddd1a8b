package io.twinberg.prune;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.database.Database;
import io.twinberg.log.CommittedTable;
import io.twinberg.log.IntentKind;
import io.twinberg.log.IntentLog;
import io.twinberg.log.KeptJson;
import io.twinberg.log.NewIntent;
import io.twinberg.log.Outcome;
import io.twinberg.log.SourceTable;
import io.twinberg.log.SourceTables;
import io.twinberg.log.Sources;
import io.twinberg.log.VersionLog;
import io.twinberg.testing.Databases;
import io.twinberg.testing.Samples;
import io.twinberg.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * H2's file stops growing once as much is removed as is written. {@code -Dintents=} commits more.
 *
 * <p>H2 writes no byte over what was of use in the last 45 s. The test takes that down to a quarter
 * of a second; {@code -Dreuse-after=45000} measures what a server's file does.
 */
class PrunedFileTest {
  private static final int INTENTS = Integer.getInteger("intents", 1000);
  private static final int REUSE_AFTER_MILLIS = Integer.getInteger("reuse-after", 250);
  private static final int PARTS = 10;
  private static final int METADATA_BYTES = 20_000;

  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(Instant.now());
  private final Random random = new Random(1);

  @Test
  void file_asMuchRemovedAsWritten_stopsGrowing() throws IOException {
    List<Long> kibibytes = new ArrayList<>();
    try (Database database = Databases.h2(folder)) {
      database.jdbi().useHandle(h -> h.execute("set retention_time " + REUSE_AFTER_MILLIS));
      new Sources(database).register("prod");
      SourceTable table =
          Samples.discover(new SourceTables(database, clock), "prod", Samples.name("orders"));
      // A tenth of what is written is younger than the retention at any time.
      Pruner pruner = new Pruner("prod", database, clock, Duration.ofSeconds(INTENTS / PARTS));
      for (int i = 0; i < INTENTS; i++) {
        commit(database, table, i);
        clock.step(Duration.ofSeconds(1));
        pruner.step();
        if (i % (INTENTS / PARTS) == INTENTS / PARTS - 1) {
          kibibytes.add(Files.size(folder.resolve("twinberg.mv.db")) >> 10);
        }
      }
    }
    kibibytes.add(Files.size(folder.resolve("twinberg.mv.db")) >> 10);
    System.out.println("KiB after each tenth, and closed: " + kibibytes);
    assertThat(kibibytes.get(PARTS - 1)).isLessThan(kibibytes.get(PARTS / 2) * 3 / 2);
  }

  private void commit(Database database, SourceTable table, int number) {
    IntentLog intents = new IntentLog(database, clock, "p1");
    byte[] metadata = new byte[METADATA_BYTES];
    random.nextBytes(metadata);
    long intent =
        intents.open(
            new NewIntent(
                "prod",
                "",
                IntentKind.UPDATE_TABLE,
                List.of(table.name()),
                new byte[2000],
                "r",
                Optional.empty()));
    CommittedTable committed =
        new CommittedTable(table.name(), Samples.location(table, number), KeptJson.of(metadata));
    intents.settle(intent, new Outcome.Committed(200, Optional.of(committed)));
    VersionLog versions = new VersionLog(database, clock);
    versions.append(
        Samples.append(
            table,
            new SourceTables(database, clock).find(table.id()).orElseThrow().headPosition(),
            number));
    intents.logged(intent);
    versions.trim(table.id(), 0);
  }
}
