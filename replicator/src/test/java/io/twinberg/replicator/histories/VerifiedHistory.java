package io.twinberg.replicator.histories;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Retention;
import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.verify.Progress;
import io.twinberg.replicator.verify.ReplicaVerifier;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.VerifyReport;
import io.twinberg.source.CatalogSourceReader;
import java.time.Clock;
import java.time.Duration;
import org.apache.iceberg.inmemory.InMemoryCatalog;

/** Whatever its history, verification finds nothing wrong with a replica. */
final class VerifiedHistory {
  private final HistoryTable history;
  private final Retention retention;

  /**
   * @param fewest how many snapshots of branches the replica keeps; 0: everything
   */
  VerifiedHistory(HistoryTable history, int fewest) {
    this.history = history;
    this.retention =
        fewest == 0 ? new Retention.Forever() : new Retention.Bounded(Duration.ofHours(1), fewest);
  }

  void check() {
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
    try {
      VerifyReport report =
          new ReplicaVerifier(new MetadataFiles(64 << 20), clock)
              .verify(subject(), RowScope.CURRENT, Progress.NONE);
      assertThat(report.violations()).isEmpty();
      assertThat(report.notCompared())
          .allSatisfy(one -> assertThat(one.reason()).startsWith("the source"));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Subject subject() {
    Replica replica = history.replica();
    return new Subject(
        replica.id(),
        replica.destination(),
        replica.kind(),
        replica.name(),
        replica.folder(),
        replica.position(),
        replica.metadataLocation().orElseThrow(),
        history
            .lake
            .versions
            .find(replica.source(), replica.position())
            .orElseThrow()
            .metadataLocation(),
        replica.historyThrough(),
        history.lake.store,
        replica.shownRefs(),
        retention,
        new Subject.Origin(
            replica.source(),
            replica.name(),
            CatalogSourceReader.of(new InMemoryCatalog()),
            history.lake.store));
  }
}
