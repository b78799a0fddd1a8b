package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** A version of the replica that was published: where its metadata lies and what it says. */
public record ReplicaVersion(String metadataLocation, ObjectNode tree) {}
