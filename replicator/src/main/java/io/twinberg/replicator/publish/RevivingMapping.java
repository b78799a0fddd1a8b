package io.twinberg.replicator.publish;

import io.twinberg.replicator.rewrite.PathMapping;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A replica's mapping for one attempt, which notices targets that are on their way to being
 * deleted: whatever a version names goes through it. Those that are only condemned live on once the
 * version is published; one that is being deleted already cannot be used before it has gone. Used
 * by many threads.
 */
final class RevivingMapping implements PathMapping {
  private final PathMapping mapping;
  private final CondemnedPaths.Known known;
  private final Set<String> revived = ConcurrentHashMap.newKeySet();

  RevivingMapping(PathMapping mapping, CondemnedPaths.Known known) {
    this.mapping = mapping;
    this.known = known;
  }

  @Override
  public String map(String sourcePath) {
    String target = mapping.map(sourcePath);
    if (!known.none()) {
      notice(target);
    }
    return target;
  }

  private void notice(String target) {
    if (known.deleting().contains(target)) {
      throw new FileBeingDeletedException(target);
    }
    if (known.condemned().contains(target)) {
      revived.add(target);
    }
  }

  @Override
  public boolean accepts(String sourcePath) {
    return mapping.accepts(sourcePath);
  }

  /** The condemned files that were named so far. */
  List<String> revived() {
    return List.copyOf(revived);
  }
}
