package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.RewrittenDelete;
import java.util.Collection;
import java.util.Map;

/** Asks which delete files earlier attempts have rewritten; called from threads of the pools. */
@FunctionalInterface
public interface KnownDeletes {
  /** Those of the source paths that they have. */
  Map<String, RewrittenDelete> find(Collection<String> sourcePaths) throws InterruptedException;
}
