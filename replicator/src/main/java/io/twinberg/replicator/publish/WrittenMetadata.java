package io.twinberg.replicator.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A replica's metadata as it was written, and the tree that it was written from. */
record WrittenMetadata(ObjectNode tree, byte[] bytes) {}
