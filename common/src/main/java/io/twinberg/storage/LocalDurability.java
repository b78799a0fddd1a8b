package io.twinberg.storage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** What it takes to have a file on disk, whole, before anybody hears of it. */
final class LocalDurability {
  private LocalDurability() {}

  /** Makes the folders that a file needs; new ones are on disk when it returns. */
  static void createParents(Path file) throws IOException {
    Path folder = file.getParent();
    if (folder == null || Files.isDirectory(folder)) {
      return;
    }
    createParents(folder);
    Files.createDirectories(folder);
    syncFolderOf(folder);
  }

  /**
   * Gives a synced temporary file its name. Crash before the rename: the old file, or none. Crash
   * before the folder is synced: either, but never half of one.
   */
  static void publish(Path temporary, Path file) throws IOException {
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    syncFolderOf(file);
  }

  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void syncFolderOf(Path path) throws IOException {
    Path folder = path.getParent();
    if (folder != null) {
      sync(folder);
    }
  }
}
