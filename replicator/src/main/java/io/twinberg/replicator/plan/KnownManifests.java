package io.twinberg.replicator.plan;

import io.twinberg.replicator.rewrite.RewrittenFile;
import java.util.Collection;
import java.util.Map;

/** Asks which manifests stand at the destination with everything live under them. */
@FunctionalInterface
public interface KnownManifests {
  /** Those of the source paths that do, with their targets. */
  Map<String, RewrittenFile> find(Collection<String> sourcePaths);
}
