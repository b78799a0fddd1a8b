package io.twinberg.log;

import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table as the source answered it after a commit.
 *
 * @param metadata the raw JSON of the answer's {@code metadata} member
 */
public record CommittedTable(TableIdentifier name, String metadataLocation, KeptJson metadata) {}
