package io.twinberg.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A local file that is open to be copied, so that what fails from then on is the copy's. */
final class LocalSource implements AutoCloseable {
  private static final long AT_ONCE = 1 << 30;

  private final String location;
  private final FileChannel channel;

  private LocalSource(String location, FileChannel channel) {
    this.location = location;
    this.channel = channel;
  }

  static LocalSource open(String location) {
    Path file = LocalPath.ofFile(location);
    return LocalErrors.calling(
        "copy",
        location,
        () -> {
          if (Files.isDirectory(file)) {
            throw new NoSuchFileException(file.toString());
          }
          return new LocalSource(location, FileChannel.open(file, StandardOpenOption.READ));
        });
  }

  /** Writes a new file with the same bytes, which are on disk when it returns. */
  void copyTo(Path file) throws IOException {
    try (FileChannel copy =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long copied = 0;
      long more = channel.transferTo(0, AT_ONCE, copy);
      while (more > 0) {
        copied += more;
        more = channel.transferTo(copied, AT_ONCE, copy);
      }
      copy.force(true);
    }
  }

  @Override
  public void close() {
    LocalErrors.calling(
        "close",
        location,
        () -> {
          channel.close();
          return null;
        });
  }
}
