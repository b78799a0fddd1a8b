package io.twinberg.storage;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the files below a folder; those that vanish meanwhile are left out. */
final class LocalListing extends SimpleFileVisitor<Path> {
  private final String prefix;
  private final Path folder;
  private final List<StoredObject> found = new ArrayList<>();

  LocalListing(String prefix, Path folder) {
    this.prefix = prefix;
    this.folder = folder;
  }

  List<StoredObject> objects() throws IOException {
    Files.walkFileTree(folder, this);
    found.sort(Comparator.comparing(StoredObject::location));
    return List.copyOf(found);
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (attributes.isRegularFile() && !LocalPath.isTemporary(file)) {
      found.add(new StoredObject(prefix + folder.relativize(file), attributes.size()));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }
}
