package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.TranscodedManifest;
import java.util.Optional;

/**
 * What a task did.
 *
 * @param files how many files it wrote, in {@code bytes} bytes
 * @param manifest the rewritten manifest, for a task that rewrote one
 */
public record TaskResult(long files, long bytes, Optional<TranscodedManifest> manifest) {}
