package io.twinberg.replicator.lane;

import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.metadata.RecentVersions;
import io.twinberg.replicator.metadata.RecentVersions.Logged;
import io.twinberg.storage.MissingObject;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what a replica applies next: the newest waiting version in which every snapshot of the
 * versions before it lives on, never across the edge of a group.
 */
final class VersionChooser {
  private static final Logger LOG = LoggerFactory.getLogger(VersionChooser.class);

  /** How many waiting versions are looked at together. */
  private static final int WINDOW = 64;

  private final VersionLog versions;
  private final RecentVersions recent;
  private final MetadataFiles files;

  VersionChooser(VersionLog versions, RecentVersions recent, MetadataFiles files) {
    this.versions = versions;
    this.recent = recent;
    this.files = files;
  }

  /**
   * The next version for a replica that has some snapshots already; empty when none waits that does
   * without what is lost.
   *
   * @throws StoreException when the files of all waiting versions are missing
   */
  Optional<Choice> next(Replica replica, Set<Long> present, Lost lost, ObjectStore source) {
    Candidates candidates = new Candidates(present, lost);
    long after = start(replica);
    List<TableVersion> page;
    do {
      page = versions.after(replica.tableId(), after, WINDOW);
      for (TableVersion version : page) {
        after = version.position();
        if (candidates.closedBy(version, source)) {
          return candidates.chosen();
        }
      }
    } while (page.size() == WINDOW && candidates.chosen().isEmpty());
    return candidates.outcome();
  }

  /** The version that a replica has applied, once more, while it lacks some of its history. */
  Optional<Choice> again(Replica replica, ObjectStore source) {
    return replica.historyThrough().isEmpty() || replica.position() == 0
        ? Optional.empty()
        : shown(replica, source);
  }

  /** The version that a replica has applied. */
  Optional<Choice> shown(Replica replica, ObjectStore source) {
    return versions
        .find(replica.source(), replica.position())
        .map(
            version -> {
              Logged logged = read(version, source);
              return new Choice(version, logged.metadata(), logged.facts(), Optional.empty());
            });
  }

  /** A new replica need not go through versions that all others had left behind. */
  private long start(Replica replica) {
    return replica.position() == 0 ? versions.beginning(replica.tableId()) - 1 : replica.position();
  }

  private Logged read(TableVersion version, ObjectStore source) {
    Logged logged =
        recent
            .find(version.tableId(), version.metadataLocation())
            .orElseGet(() -> readAgain(version, source));
    files.requireWithin(version.metadataLocation(), logged.metadata().length);
    return logged;
  }

  private Logged readAgain(TableVersion version, ObjectStore source) {
    byte[] metadata =
        versions.metadata(version).orElseGet(() -> files.read(source, version.metadataLocation()));
    return new Logged(metadata, MetadataFacts.of(metadata));
  }

  /** One look through the waiting versions, oldest first. */
  private final class Candidates {
    private final Set<Long> present;
    private final Lost lost;
    private final CarriedSnapshots carried = new CarriedSnapshots();
    private Optional<Choice> chosen = Optional.empty();
    private Optional<StoreException> missing = Optional.empty();
    private boolean passedOver;

    Candidates(Set<Long> present, Lost lost) {
      this.present = present;
      this.lost = lost;
    }

    Optional<Choice> chosen() {
      return chosen;
    }

    Optional<Choice> outcome() {
      if (chosen.isEmpty() && missing.isPresent()) {
        throw missing.get();
      }
      return chosen;
    }

    /** Takes a version into account; true when nothing after it can be applied together with it. */
    boolean closedBy(TableVersion version, ObjectStore source) {
      try {
        Logged logged = read(version, source);
        return closedBy(version, logged.metadata(), logged.facts());
      } catch (StoreException e) {
        if (!MissingObject.isConfirmed(e, source)) {
          throw e;
        }
        LOG.warn("version passed over, its file is gone: {}", version.metadataLocation());
        missing = Optional.of(e);
        return false;
      }
    }

    private boolean closedBy(TableVersion version, byte[] metadata, MetadataFacts facts) {
      if (lost.isIn(facts)) {
        passedOver = true;
        return false;
      }
      if (!carried.allIn(facts)) {
        return true;
      }
      chosen = Optional.of(new Choice(version, metadata, facts, gap()));
      carried.add(facts, present);
      return version.group().isPresent();
    }

    /** Up to a version from before what is lost nothing is missing. */
    private Optional<String> gap() {
      if (passedOver) {
        return Optional.of(lost.reason());
      }
      return missing.map(e -> "metadata file " + e.location() + " was deleted at the source");
    }
  }
}
