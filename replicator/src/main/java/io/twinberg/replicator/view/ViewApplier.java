package io.twinberg.replicator.view;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.plan.AttemptNames;
import io.twinberg.replicator.publish.Attempt;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Applies the newest waiting version of a view, which holds what those before it brought. The file
 * first, the pointer last, as with tables.
 */
public final class ViewApplier {
  private static final int WINDOW = 64;

  private final VersionLog versions;
  private final MetadataFiles files;
  private final Publisher publisher;
  private final ReplicaListener listener;
  private final Clock clock;
  private final CrashPoints crashPoints;

  /**
   * An applier of one process; all lanes share it.
   *
   * @param listener is handed the metadata that this process has written
   */
  public ViewApplier(
      VersionLog versions,
      MetadataFiles files,
      Publisher publisher,
      ReplicaListener listener,
      Clock clock,
      CrashPoints crashPoints) {
    this.versions = versions;
    this.files = files;
    this.publisher = publisher;
    this.listener = listener;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /** Applies what waits; empty when nothing does. */
  public Optional<Replica> applyNext(Attempt attempt) {
    return newest(attempt.replica()).map(version -> apply(attempt, version));
  }

  private Optional<TableVersion> newest(Replica replica) {
    Optional<TableVersion> newest = Optional.empty();
    List<TableVersion> page;
    long after = replica.position();
    do {
      page = versions.after(replica.tableId(), after, WINDOW);
      if (!page.isEmpty()) {
        newest = Optional.of(page.get(page.size() - 1));
        after = newest.get().position();
      }
    } while (page.size() == WINDOW);
    return newest;
  }

  private Replica apply(Attempt attempt, TableVersion version) {
    Instant startedAt = clock.instant();
    Replica replica = attempt.replica();
    byte[] copy = ViewCopy.of(read(attempt, version), replica.folder());
    String location =
        new AttemptNames(replica.folder(), attempt.lease().token(), attempt.nonce())
            .metadataFile(replica.generation() + 1);
    attempt.destination().put(location, copy);
    // Crash after this: the file bears this attempt's names, and the next one writes its own.
    crashPoints.passed(CrashPoint.VIEW_WRITTEN);
    listener.written(replica, location, copy);
    Replica shown =
        publisher.publish(
            new Publication(
                replica,
                attempt.lease(),
                version,
                location,
                List.of(),
                List.of(),
                1,
                copy.length,
                OptionalLong.empty(),
                startedAt));
    crashPoints.passed(CrashPoint.VIEW_PUBLISHED);
    return shown;
  }

  private byte[] read(Attempt attempt, TableVersion version) {
    return versions
        .metadata(version)
        .orElseGet(() -> files.read(attempt.source(), version.metadataLocation()));
  }
}
