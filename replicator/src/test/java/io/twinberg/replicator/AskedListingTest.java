package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.log.Sources;
import io.twinberg.log.TableChecks;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.LoadResult;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listing that somebody asked for, and that the source does not answer whole. */
class AskedListingTest {
  private static final Namespace CLOSED = Namespace.of("closed");

  @TempDir private Path folder;
  private TestingLake lake;
  private FaultyReader reader;
  private Sources sources;
  private TableChecks checks;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    lake.create("2");
    reader = new FaultyReader(CatalogSourceReader.of(lake.catalog()));
    lake.reader(reader);
    lake.sweepInterval(Duration.ofHours(1));
    lake.catalog().createNamespace(CLOSED);
    sources = new Sources(lake.database());
    checks = new TableChecks(lake.database(), Clock.systemUTC());
    reader.answerTableListings(
        namespace ->
            namespace.equals(CLOSED)
                ? Optional.of(new LoadResult.Denied(403, "not for you"))
                : Optional.empty());
  }

  @AfterEach
  void close() {
    lake.close();
  }

  @Test
  void listing_thatIsNotWhole_isTriedAgainLaterAndNotAtEachTurn() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      TestingLake.await(() -> reader.listings() == 1);
      long request = sources.askListing("main");
      replicator.settled("main");
      TestingLake.await(() -> reader.listings() == 2);
      long table = lake.count("select id from source_table");
      for (int turn = 0; turn < 20; turn++) {
        checks.demand(table);
        replicator.settled("main");
        TestingLake.await(
            () -> lake.count("select looks_asked - looks_answered from source_table") == 0);
      }

      assertThat(reader.listings()).isEqualTo(2);
      assertThat(sources.isListed("main", request)).isFalse();
    }
  }
}
