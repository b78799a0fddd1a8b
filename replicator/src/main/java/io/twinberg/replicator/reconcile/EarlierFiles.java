package io.twinberg.replicator.reconcile;

import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.storage.MissingObject;
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
   * The JSON of a file; empty when it is gone.
   *
   * @throws StoreException when it cannot be read now and is there
   */
  Optional<byte[]> read(String location) {
    try {
      return Optional.of(files.read(store, location));
    } catch (StoreException e) {
      if (MissingObject.isConfirmed(e, store)) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
