package io.twinberg.replicator.delete;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.iceberg.io.InputFile;

/**
 * A source file on the local disk for as long as it is rewritten: its end tells how to read it, and
 * stores are read from the start.
 */
final class LocalCopy implements AutoCloseable {
  private final String location;
  private final Path path;

  private LocalCopy(String location, Path path) {
    this.location = location;
    this.path = path;
  }

  /** Fetches a file whole. */
  static LocalCopy of(ObjectStore store, String location) {
    LocalCopy copy = new LocalCopy(location, temporary());
    try (InputStream in = store.open(location)) {
      Files.copy(in, copy.path, StandardCopyOption.REPLACE_EXISTING);
      return copy;
    } catch (IOException e) {
      copy.close();
      throw new UncheckedIOException("cannot keep " + location + " on the local disk", e);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  /** An empty file that only this process may read: rows of tables pass through it. */
  static Path temporary() {
    try {
      return Files.createTempFile("twinberg-delete-", null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a file on the local disk", e);
    }
  }

  static void remove(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove a file from the local disk", e);
    }
  }

  /** Where the file is at the source. */
  String location() {
    return location;
  }

  Path path() {
    return path;
  }

  long length() {
    return path.toFile().length();
  }

  /** Writes the file as it is. */
  void copyTo(ObjectStore store, String target) {
    StoreOutput out = store.create(target);
    try {
      Files.copy(path, out);
    } catch (IOException e) {
      out.abort();
      throw new UncheckedIOException("cannot read from the local disk", e);
    } catch (RuntimeException e) {
      out.abort();
      throw e;
    }
    out.close();
  }

  InputFile input() {
    return org.apache.iceberg.Files.localInput(path.toFile());
  }

  @Override
  public void close() {
    remove(path);
  }
}
