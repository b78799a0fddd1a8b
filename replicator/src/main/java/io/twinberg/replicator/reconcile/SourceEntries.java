package io.twinberg.replicator.reconcile;

import io.twinberg.log.EntryKind;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.view.ViewFacts;
import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import java.util.Optional;
import java.util.function.Function;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** How the entries of one kind are read at a source. */
record SourceEntries(
    EntryKind kind,
    Function<TableIdentifier, LoadResult> loading,
    Function<TableIdentifier, Optional<String>> locating,
    Function<Namespace, Listing<TableIdentifier>> listing,
    Function<byte[], MetadataFacts> reading) {
  static SourceEntries tables(SourceReader reader) {
    return new SourceEntries(
        EntryKind.TABLE,
        reader::load,
        reader::metadataLocation,
        reader::listTables,
        MetadataFacts::of);
  }

  static SourceEntries views(SourceReader reader) {
    return new SourceEntries(
        EntryKind.VIEW,
        reader::loadView,
        name -> Optional.empty(),
        reader::listViews,
        ViewFacts::of);
  }

  LoadResult load(TableIdentifier name) {
    return loading.apply(name);
  }

  /** The metadata file of an entry, where the source tells it without reading the file. */
  Optional<String> location(TableIdentifier name) {
    return locating.apply(name);
  }

  Listing<TableIdentifier> list(Namespace namespace) {
    return listing.apply(namespace);
  }

  MetadataFacts facts(byte[] metadata) {
    return reading.apply(metadata);
  }
}
