package io.twinberg.replicator.verify;

import io.twinberg.storage.ObjectStore;
import java.util.OptionalLong;

/**
 * The lengths of all files in a replica's folder. One listing costs a request per thousand files,
 * where asking for each would cost one per file.
 */
final class ListedFiles {
  private final LongTable lengths = new LongTable();

  private ListedFiles() {}

  static ListedFiles of(ObjectStore store, String folder) {
    ListedFiles files = new ListedFiles();
    store.list(
        folder,
        object -> files.lengths.putIfAbsent(LocationHash.of(object.location()), object.length()));
    return files;
  }

  OptionalLong length(String location) {
    return lengths.find(LocationHash.of(location));
  }

  long size() {
    return lengths.size();
  }
}
