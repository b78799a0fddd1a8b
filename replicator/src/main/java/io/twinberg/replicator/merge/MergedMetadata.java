package io.twinberg.replicator.merge;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.iceberg.TableMetadata;

/**
 * New metadata of a replica.
 *
 * @param tree what is to be written: it holds fields that Iceberg's model does not know
 * @param parsed what Iceberg makes of it
 */
public record MergedMetadata(ObjectNode tree, TableMetadata parsed) {}
