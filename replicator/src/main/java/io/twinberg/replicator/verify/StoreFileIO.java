package io.twinberg.replicator.verify;

import io.twinberg.storage.ObjectStore;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Lets Iceberg's readers read from an object store; nothing is written through it. */
final class StoreFileIO implements FileIO {
  private final transient ObjectStore store;
  private final transient Function<String, OptionalLong> lengths;

  /** Reads a store whose lengths are asked for one by one. */
  StoreFileIO(ObjectStore store) {
    this(store, location -> OptionalLong.empty());
  }

  /** Reads a store of which some lengths are known. */
  StoreFileIO(ObjectStore store, Function<String, OptionalLong> lengths) {
    this.store = store;
    this.lengths = lengths;
  }

  @Override
  public InputFile newInputFile(String location) {
    return new StoreInputFile(store, location, lengths.apply(location));
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    return new StoreInputFile(store, location, OptionalLong.of(length));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    throw readOnly(location);
  }

  @Override
  public void deleteFile(String location) {
    throw readOnly(location);
  }

  private static UnsupportedOperationException readOnly(String location) {
    return new UnsupportedOperationException("verifying only reads, and never writes " + location);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
