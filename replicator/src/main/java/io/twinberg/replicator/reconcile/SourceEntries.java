package io.twinberg.replicator.reconcile;

import io.twinberg.log.EntryKind;
import io.twinberg.replicator.metadata.MetadataFacts;
import io.twinberg.replicator.view.ViewFacts;
import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.SourceReader;
import java.util.function.Function;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** How the entries of one kind are read at a source. */
record SourceEntries(
    EntryKind kind,
    Function<TableIdentifier, LoadResult> loading,
    Function<Namespace, Listing<TableIdentifier>> listing,
    Function<byte[], MetadataFacts> reading) {
  static SourceEntries tables(SourceReader reader) {
    return new SourceEntries(EntryKind.TABLE, reader::load, reader::listTables, MetadataFacts::of);
  }

  static SourceEntries views(SourceReader reader) {
    return new SourceEntries(EntryKind.VIEW, reader::loadView, reader::listViews, ViewFacts::of);
  }

  LoadResult load(TableIdentifier name) {
    return loading.apply(name);
  }

  Listing<TableIdentifier> list(Namespace namespace) {
    return listing.apply(namespace);
  }

  MetadataFacts facts(byte[] metadata) {
    return reading.apply(metadata);
  }
}
