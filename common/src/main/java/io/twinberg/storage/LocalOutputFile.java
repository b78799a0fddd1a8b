package io.twinberg.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** A local file as Iceberg writes it. */
record LocalOutputFile(String location, Path path) implements OutputFile {

  @Override
  public PositionOutputStream create() {
    if (Files.exists(path)) {
      throw new AlreadyExistsException("The file %s exists already", location);
    }
    return createOrOverwrite();
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return new Positioned(LocalOutput.create(location));
  }

  @Override
  public InputFile toInputFile() {
    return new LocalInputFile(location, path);
  }

  /** Counts for Iceberg, and lets the file appear on close. */
  private static final class Positioned extends PositionOutputStream {
    private final StoreOutput out;

    Positioned(StoreOutput out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return out.written();
    }

    @Override
    public void write(int b) {
      out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {
      out.close();
    }
  }
}
