package io.twinberg.embedded;

import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A pointer's move from one metadata file to another.
 *
 * @param before the metadata file that must be current; empty: the entry is to be created
 * @param after the metadata file that becomes current; the same as before: it must only not move
 */
record PointerChange(
    EntryKind kind, TableIdentifier identifier, Optional<String> before, String after) {}
