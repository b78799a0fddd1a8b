package io.twinberg.replicator.task;

import io.twinberg.replicator.rewrite.TranscodedManifest;
import java.util.concurrent.Future;

/**
 * A manifest that is being rewritten. What the manifest list needs of it is known before it and the
 * files under it are at the destination; nothing may be published before they are.
 *
 * @param manifest the rewritten manifest's length and counts
 * @param finished the end of the whole task
 */
public record Rewriting(Future<TranscodedManifest> manifest, Future<TaskResult> finished) {}
