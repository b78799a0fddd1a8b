package io.twinberg.replicator.publish;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replicator.rewrite.RewrittenFile;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The manifests that the ledger vouches for, those of each replica's last version kept in memory,
 * so that a small commit on a table of many manifests asks for its own alone.
 *
 * <p>What is kept counts only as long as nobody else has claimed the replica since: whoever deletes
 * files at the destination claims it too, and so the next token is not the one after ours.
 */
final class VouchedManifests {
  private static final long KEPT_MANIFESTS = 200_000;

  private record Last(long token, Map<String, RewrittenFile> bySourcePath) {}

  private final Ledger ledger;
  private final Cache<String, Last> byReplica =
      Caffeine.newBuilder()
          .maximumWeight(KEPT_MANIFESTS)
          .weigher((String replica, Last last) -> last.bySourcePath().size() + 1)
          .build();

  VouchedManifests(Ledger ledger) {
    this.ledger = ledger;
  }

  /** Those of the source paths that the replica has, with their targets. */
  Map<String, RewrittenFile> find(Attempt attempt, Collection<String> sourcePaths) {
    Map<String, RewrittenFile> last = last(attempt);
    Map<String, RewrittenFile> found = new HashMap<>();
    sourcePaths.stream().filter(last::containsKey).forEach(path -> found.put(path, last.get(path)));
    List<String> unknown = sourcePaths.stream().filter(path -> !found.containsKey(path)).toList();
    if (!unknown.isEmpty()) {
      ledger.find(attempt.replica().id(), unknown).values().stream()
          .filter(entry -> entry.kind() == LedgerEntry.Kind.MANIFEST)
          .forEach(entry -> found.put(entry.sourcePath(), target(entry)));
    }
    return found;
  }

  private static RewrittenFile target(LedgerEntry entry) {
    return new RewrittenFile(entry.targetPath(), entry.length());
  }

  private Map<String, RewrittenFile> last(Attempt attempt) {
    Last last = byReplica.getIfPresent(attempt.replica().id());
    long token = attempt.lease().token();
    return last != null && token - last.token() <= 1 ? last.bySourcePath() : Map.of();
  }

  /** Lets go of what is kept of a replica, since not all of it is vouched for any more. */
  void forget(String replicaId) {
    byReplica.invalidate(replicaId);
  }

  /** Keeps what an attempt's version has, once it is published. */
  void published(Attempt attempt, Map<String, RewrittenFile> bySourcePath) {
    byReplica.put(
        attempt.replica().id(), new Last(attempt.lease().token(), Map.copyOf(bySourcePath)));
  }
}
