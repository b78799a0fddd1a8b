package io.twinberg.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** A local file as Iceberg reads it. */
record LocalInputFile(String location, Path path) implements InputFile {

  @Override
  public long getLength() {
    requireFile();
    return LocalErrors.calling("inspect", location, () -> Files.size(path));
  }

  @Override
  public SeekableInputStream newStream() {
    requireFile();
    return org.apache.iceberg.Files.localInput(path.toFile()).newStream();
  }

  @Override
  public boolean exists() {
    return Files.isRegularFile(path);
  }

  private void requireFile() {
    if (!exists()) {
      throw new NotFoundException("There is no file %s", location);
    }
  }
}
