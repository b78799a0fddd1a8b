package io.twinberg.storage;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The bytes of a local file, whose failures are those of a store. */
final class LocalInput extends InputStream {
  private final String location;
  private final InputStream in;

  private LocalInput(String location, InputStream in) {
    this.location = location;
    this.in = in;
  }

  static LocalInput open(String location, long offset) {
    Path file = LocalPath.ofFile(location);
    return LocalErrors.calling(
        "read",
        location,
        () -> {
          if (Files.isDirectory(file)) {
            throw new NoSuchFileException(file.toString());
          }
          InputStream in = Files.newInputStream(file);
          if (offset > 0) {
            in.skipNBytes(Math.min(offset, Files.size(file)));
          }
          return new LocalInput(location, in);
        });
  }

  @Override
  public int read() {
    return LocalErrors.calling("read", location, in::read);
  }

  @Override
  public int read(byte[] bytes, int offset, int length) {
    return LocalErrors.calling("read", location, () -> in.read(bytes, offset, length));
  }

  @Override
  public void close() {
    LocalErrors.calling(
        "close",
        location,
        () -> {
          in.close();
          return null;
        });
  }
}
