package io.twinberg.replicator.reconcile;

import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.Optional;

/** Metadata files that newer ones name, and that the source may have deleted since. */
final class EarlierFiles {
  private final ObjectStore store;
  private final MetadataFiles files;

  EarlierFiles(ObjectStore store, MetadataFiles files) {
    this.store = store;
    this.files = files;
  }

  /**
   * The JSON of a file; empty when it is gone. A gap is for ever, and a single answer that there is
   * no such object may come from a place that does not have it yet: so it is asked for twice.
   *
   * @throws StoreException when it cannot be read now and is there
   */
  Optional<byte[]> read(String location) {
    try {
      return Optional.of(files.read(store, location));
    } catch (StoreException e) {
      if (e.kind() != StoreException.Kind.MISSING || store.length(location).isPresent()) {
        throw e;
      }
      return Optional.empty();
    }
  }
}
