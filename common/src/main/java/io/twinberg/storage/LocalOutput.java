package io.twinberg.storage;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A local file being written under a temporary name in its own folder. */
final class LocalOutput extends StoreOutput {
  private static final Logger log = LoggerFactory.getLogger(LocalOutput.class);
  private static final int BUFFER = 64 * 1024;

  private final String location;
  private final Path file;
  private final Path temporary;
  private final FileChannel channel;
  private final OutputStream out;

  private LocalOutput(String location, Path file, Path temporary, FileChannel channel) {
    this.location = location;
    this.file = file;
    this.temporary = temporary;
    this.channel = channel;
    this.out = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
  }

  static LocalOutput create(String location) {
    Path file = LocalPath.ofFile(location);
    Path temporary = LocalPath.temporary(file);
    return LocalErrors.calling(
        "write",
        location,
        () -> {
          LocalDurability.createParents(file);
          FileChannel channel =
              FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          return new LocalOutput(location, file, temporary, channel);
        });
  }

  @Override
  void append(byte[] bytes, int offset, int length) {
    LocalErrors.calling(
        "write",
        location,
        () -> {
          out.write(bytes, offset, length);
          return null;
        });
  }

  @Override
  void publish() {
    LocalErrors.calling(
        "write",
        location,
        () -> {
          out.flush();
          channel.force(true);
          channel.close();
          LocalDurability.publish(temporary, file);
          return null;
        });
  }

  @Override
  void discard() {
    try {
      channel.close();
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      log.warn("event=temporary_file_left file={}", temporary, e);
    }
  }
}
