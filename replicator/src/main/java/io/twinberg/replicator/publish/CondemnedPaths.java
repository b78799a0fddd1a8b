package io.twinberg.replicator.publish;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.CondemnedFile;
import io.twinberg.replica.CondemnedFiles;
import io.twinberg.replicator.task.Fingerprints;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files of replicas are on their way to being deleted, kept in memory between the versions of
 * one replica.
 *
 * <p>What is kept counts only as long as nobody else has claimed the replica since, and until this
 * process condemns or deletes files of it itself.
 */
final class CondemnedPaths {
  private static final long KEPT_PATHS = 500_000;

  /** Shared, since it takes memory even so. */
  private static final Fingerprints NOTHING = new Fingerprints();

  /** What is known of one replica. */
  record Known(long token, Fingerprints condemned, Set<String> deleting) {
    boolean none() {
      return condemned.size() == 0 && deleting.isEmpty();
    }
  }

  private final CondemnedFiles files;
  private final Cache<String, Known> byReplica =
      Caffeine.newBuilder()
          .maximumWeight(KEPT_PATHS)
          .weigher((String replica, Known known) -> known.condemned().size() + 1)
          .build();

  CondemnedPaths(CondemnedFiles files) {
    this.files = files;
  }

  /** The attempt's mapping, with an eye on them. */
  RevivingMapping mapping(Attempt attempt) {
    Known known = byReplica.getIfPresent(attempt.replica().id());
    if (known == null || attempt.lease().token() - known.token() > 1) {
      known = read(attempt);
      byReplica.put(attempt.replica().id(), known);
    }
    return new RevivingMapping(attempt.mapping(), known);
  }

  private Known read(Attempt attempt) {
    List<CondemnedFile> all = files.of(attempt.replica().id());
    Fingerprints condemned = all.isEmpty() ? NOTHING : new Fingerprints();
    Set<String> deleting = new HashSet<>();
    for (CondemnedFile file : all) {
      if (file.isBeingDeleted()) {
        deleting.add(file.path());
      } else {
        condemned.add(file.path());
      }
    }
    return new Known(attempt.lease().token(), condemned, deleting);
  }

  /** Goes on with an attempt's token, unless what is kept has changed with it. */
  void published(Attempt attempt, List<String> revived) {
    if (!revived.isEmpty()) {
      forget(attempt.replica().id());
      return;
    }
    byReplica
        .asMap()
        .computeIfPresent(
            attempt.replica().id(),
            (id, known) -> new Known(attempt.lease().token(), known.condemned(), known.deleting()));
  }

  void forget(String replicaId) {
    byReplica.invalidate(replicaId);
  }
}
