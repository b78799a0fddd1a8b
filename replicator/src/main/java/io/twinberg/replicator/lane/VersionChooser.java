package io.twinberg.replicator.lane;

import io.twinberg.log.TableVersion;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.HashSet;
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
  private final MetadataFiles files;

  VersionChooser(VersionLog versions, MetadataFiles files) {
    this.versions = versions;
    this.files = files;
  }

  /** The next version for a replica that has some snapshots already; empty when none waits. */
  Optional<Choice> next(Replica replica, Set<Long> present, ObjectStore source) {
    List<TableVersion> waiting = versions.after(replica.tableId(), replica.position(), WINDOW);
    Optional<Choice> chosen = Optional.empty();
    Set<Long> needed = new HashSet<>();
    for (TableVersion version : waiting) {
      Optional<Choice> candidate =
          read(version, source, version == waiting.get(waiting.size() - 1));
      if (candidate.isEmpty()) {
        continue;
      }
      if (chosen.isPresent() && !candidate.get().facts().snapshotIds().containsAll(needed)) {
        return chosen;
      }
      chosen = candidate;
      candidate.get().facts().snapshotIds().stream()
          .filter(snapshot -> !present.contains(snapshot))
          .forEach(needed::add);
      if (version.group().isPresent()) {
        return chosen;
      }
    }
    return chosen;
  }

  /**
   * Reads a version's metadata; a file that the source has deleted meanwhile is passed over for a
   * newer version.
   */
  private Optional<Choice> read(TableVersion version, ObjectStore source, boolean newest) {
    try {
      byte[] metadata =
          versions
              .metadata(version)
              .orElseGet(() -> files.read(source, version.metadataLocation()));
      files.requireWithin(version.metadataLocation(), metadata.length);
      return Optional.of(new Choice(version, metadata, MetadataFacts.of(metadata)));
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING && !newest) {
        LOG.warn("version passed over, its file is gone: {}", version.metadataLocation());
        return Optional.empty();
      }
      throw e;
    }
  }
}
