package io.twinberg.replicator.lane;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.log.VersionLog;
import io.twinberg.replica.Lease;
import io.twinberg.replica.Publisher;
import io.twinberg.replica.Replica;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares each replica with its bucket, once in the life of a process: a database that was
 * restored from a backup knows an earlier generation. Then the bucket is right, and the replica
 * goes on from there; what the ledger says is as old as the backup, and counts no more.
 */
final class BucketCheck {
  private static final Logger LOG = LoggerFactory.getLogger(BucketCheck.class);

  /** One that is forgotten is compared once more, which costs a listing. */
  private static final int MOST = 200_000;

  private final VersionLog versions;
  private final Publisher publisher;
  private final Cache<String, Boolean> compared;

  BucketCheck(VersionLog versions, Publisher publisher) {
    this(versions, publisher, MOST);
  }

  /**
   * @param most how many replicas it remembers
   */
  BucketCheck(VersionLog versions, Publisher publisher, int most) {
    this.versions = versions;
    this.publisher = publisher;
    this.compared = Caffeine.newBuilder().maximumSize(most).executor(Runnable::run).build();
  }

  /**
   * The replica as it goes on.
   *
   * @throws DatabaseBehindException while the log lacks the version that the bucket shows
   */
  Replica compared(Replica replica, Lease lease, ObjectStore destination) {
    if (compared.getIfPresent(replica.id()) != null) {
      return replica;
    }
    Replica current =
        later(replica, destination)
            .map(pointer -> adopted(replica, lease, pointer))
            .orElse(replica);
    compared.put(replica.id(), true);
    return current;
  }

  private static Optional<Pointer> later(Replica replica, ObjectStore destination) {
    try {
      return new PointerObjects(destination).after(replica.folder(), replica.generation());
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.DENIED) {
        throw e;
      }
      LOG.warn(
          "a restored database would not be noticed, since listing is denied destination={}: {}",
          replica.destination(),
          e.getMessage());
      return Optional.empty();
    }
  }

  private Replica adopted(Replica replica, Lease lease, Pointer pointer) {
    OptionalLong position =
        versions.positionOf(replica.tableId(), pointer.sourceMetadataLocation());
    if (position.isEmpty()) {
      throw new DatabaseBehindException(replica, pointer);
    }
    LOG.warn(
        "database is older than the bucket, replica goes on from there replica={} table={} destination={}"
            + " generation={} bucket-generation={}",
        replica.id(),
        replica.name(),
        replica.destination(),
        replica.generation(),
        pointer.generation());
    return publisher.adopt(
        replica,
        lease,
        pointer.generation(),
        position.getAsLong(),
        pointer.metadataLocation(),
        pointer.selection());
  }
}
