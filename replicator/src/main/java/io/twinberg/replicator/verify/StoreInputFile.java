package io.twinberg.replicator.verify;

import io.twinberg.storage.ObjectStore;
import java.util.OptionalLong;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** An object as Iceberg's readers see it. */
record StoreInputFile(ObjectStore store, String location, OptionalLong knownLength)
    implements InputFile {
  @Override
  public long getLength() {
    return knownLength.orElseGet(
        () ->
            store
                .length(location)
                .orElseThrow(() -> new NotFoundException("There is no file %s", location)));
  }

  @Override
  public SeekableInputStream newStream() {
    return new StoreStream(store, location);
  }

  @Override
  public boolean exists() {
    return store.length(location).isPresent();
  }
}
