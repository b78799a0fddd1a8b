package io.twinberg.replicator.publish;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.TableVersion;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.merge.RetainedMetadata;
import io.twinberg.source.MetadataJson;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Publishes a replica without snapshots that have come due while the source committed nothing: the
 * same version of the source under a new metadata file, with a receipt of its own. Files stay where
 * they are.
 */
public final class SnapshotExpiry {
  private final Publisher publisher;
  private final PublishedMetadata published;
  private final ReplicaListener listener;
  private final Clock clock;
  private final CrashPoints crashPoints;

  /** The expiry of one process; all lanes share it. */
  public SnapshotExpiry(
      Publisher publisher,
      PublishedMetadata published,
      ReplicaListener listener,
      Clock clock,
      CrashPoints crashPoints) {
    this.publisher = publisher;
    this.published = published;
    this.listener = listener;
    this.clock = clock;
    this.crashPoints = crashPoints;
  }

  /** Publishes what is left and returns the replica with its new pointer. */
  public Replica expire(
      Attempt attempt, TableVersion version, ReplicaVersion previous, Set<Long> expired) {
    Instant startedAt = clock.instant();
    String location = attempt.names().metadataFile(attempt.replica().generation() + 1);
    WrittenMetadata left = written(expired, previous, location);
    attempt.destination().put(location, left.bytes());
    // Crash after this: the file bears this attempt's names, and the next look begins anew.
    crashPoints.passed(CrashPoint.EXPIRY_WRITTEN);
    listener.written(attempt.replica(), location, left.bytes());
    Replica replica =
        publisher.republish(
            new Publication(
                attempt.replica(),
                attempt.lease(),
                version,
                location,
                List.of(),
                List.of(),
                1,
                left.bytes().length,
                attempt.replica().historyThrough(),
                attempt.replica().shownRefs(),
                startedAt));
    crashPoints.passed(CrashPoint.SNAPSHOTS_EXPIRED);
    published.remember(replica.id(), location, left);
    return replica;
  }

  private static WrittenMetadata written(
      Set<Long> expired, ReplicaVersion previous, String location) {
    var tree = RetainedMetadata.without(expired, previous, location).tree();
    return new WrittenMetadata(tree, MetadataJson.write(tree));
  }
}
