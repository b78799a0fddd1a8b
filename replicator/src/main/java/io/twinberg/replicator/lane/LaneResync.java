package io.twinberg.replicator.lane;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.log.EntryKind;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Resyncs;
import io.twinberg.replica.SettingsChangedException;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.publish.Attempt;
import io.twinberg.replicator.publish.VersionApplier;
import io.twinberg.replicator.task.StandingFiles;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.StoreException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the version that a replica shows anew and publishes it as its next generation. Neither the
 * ledger nor anything that was published before is believed: manifests, lists and rewritten delete
 * files are written again under new names, and data files are copied where a listing of the folder
 * lacks them or tells another length. What only the replica still has stays as it is.
 *
 * <p>A crash amid it costs the ledger's knowledge at most: the replica shows what it showed, and
 * the next claim begins anew.
 */
final class LaneResync {
  private static final Logger LOG = LoggerFactory.getLogger(LaneResync.class);

  private final Resyncs resyncs;
  private final VersionChooser chooser;
  private final VersionApplier applier;
  private final Ledger ledger;
  private final MetadataFiles files;

  LaneResync(
      Resyncs resyncs,
      VersionChooser chooser,
      VersionApplier applier,
      Ledger ledger,
      MetadataFiles files) {
    this.resyncs = resyncs;
    this.chooser = chooser;
    this.applier = applier;
    this.ledger = ledger;
    this.files = files;
  }

  /** The operation that waits for a replica that can be repaired. */
  Optional<String> askedBy(Replica replica) {
    boolean repairable =
        replica.kind() == EntryKind.TABLE
            && replica.metadataLocation().isPresent()
            && replica.historyThrough().isEmpty();
    return repairable ? resyncs.askedBy(replica.id()) : Optional.empty();
  }

  /**
   * Repairs a replica for an operation; that it was not possible the result says, and is no failure
   * of it.
   */
  void run(Attempt attempt, String operationId, WorkStop stop) throws InterruptedException {
    Replica replica = attempt.replica();
    try {
      repair(attempt, operationId);
    } catch (LeaseLostException | WorkStoppedException e) {
      throw e;
    } catch (SettingsChangedException e) {
      // It is asked for still, and the next claim does it by what holds then.
      LOG.info("resync begins anew replica={}: {}", replica.id(), e.getMessage());
    } catch (RuntimeException e) {
      if (stop.isStopped()) {
        throw e;
      }
      LOG.warn("replica not resynced replica={}: {}", replica.id(), e.toString());
      resyncs.done(replica.id(), operationId, attempt.lease(), failed(e).toString());
    }
  }

  private static ObjectNode failed(RuntimeException problem) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", false)
        .put("reason", String.valueOf(problem.getMessage()));
  }

  private void repair(Attempt attempt, String operationId) throws InterruptedException {
    Replica replica = attempt.replica();
    Choice shown = chooser.shown(replica, attempt.source()).orElseThrow();
    StandingFiles standing = StandingFiles.in(attempt.destination(), replica.folder());
    Optional<ReplicaVersion> held = held(attempt);
    applier.forget(replica.id());
    ledger.removeAll(replica.id(), attempt.lease());
    Replica repaired =
        applier.applyAgain(
            attempt,
            shown.version(),
            shown.metadata(),
            held,
            held.map(version -> version.without(shown.facts().snapshotIds(), standing::has)),
            standing);
    LOG.info(
        "replica resynced replica={} table={} destination={} generation={} missing={} other-length={}",
        repaired.id(),
        repaired.name(),
        repaired.destination(),
        repaired.generation(),
        standing.missing(),
        standing.otherLength());
    resyncs.done(
        replica.id(),
        operationId,
        attempt.lease(),
        result(repaired, standing, held, shown.facts().snapshotIds()).toString());
  }

  /** Read from the store, whatever memory knows; empty when it is lost. */
  private Optional<ReplicaVersion> held(Attempt attempt) {
    String location = attempt.replica().metadataLocation().orElseThrow();
    try {
      return Optional.of(
          new ReplicaVersion(
              location, MetadataJson.parse(files.read(attempt.destination(), location))));
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.MISSING) {
        throw e;
      }
      return Optional.empty();
    } catch (IllegalArgumentException | UncheckedIOException e) {
      LOG.warn("metadata of a replica is damaged {}: {}", location, e.toString());
      return Optional.empty();
    }
  }

  private static ObjectNode result(
      Replica repaired, StandingFiles standing, Optional<ReplicaVersion> held, Set<Long> atSource) {
    long alone =
        held.map(version -> version.without(atSource, path -> true).snapshots().size()).orElse(0);
    return JsonNodeFactory.instance
        .objectNode()
        .put("ok", true)
        .put("generation", repaired.generation())
        .put("filesListed", standing.files())
        .put("filesMissing", standing.missing())
        .put("filesOfOtherLength", standing.otherLength())
        .put("filesCopied", standing.missing() + standing.otherLength())
        .put("bytesCopied", standing.bytes())
        .put("metadataLost", held.isEmpty())
        .put("snapshotsNotChecked", alone);
  }
}
