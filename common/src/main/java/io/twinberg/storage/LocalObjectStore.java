package io.twinberg.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Local files, written so that readers never see half of one and a crash never loses one that was
 * reported as written.
 *
 * <p>A process that dies midway leaves a hidden temporary file, which listings leave out.
 */
public final class LocalObjectStore implements ObjectStore {
  private static final CopyDomain DOMAIN = new CopyDomain("local files", "this machine");

  @Override
  public InputStream open(String location) {
    return LocalInput.open(location, 0);
  }

  @Override
  public InputStream open(String location, long offset) {
    return LocalInput.open(location, offset);
  }

  @Override
  public OptionalLong length(String location) {
    Path file = LocalPath.ofFile(location);
    return LocalErrors.calling("inspect", location, () -> lengthOf(file));
  }

  @Override
  public void put(String location, byte[] bytes) {
    try (StoreOutput out = create(location)) {
      out.write(bytes);
    }
  }

  @Override
  public StoreOutput create(String location) {
    return LocalOutput.create(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    Path file = LocalPath.ofFile(location);
    deadline.requireBefore(location);
    LocalErrors.calling("delete", location, () -> Files.deleteIfExists(file));
  }

  @Override
  public List<String> folders(String folder) {
    return LocalErrors.calling(
        "list",
        folder,
        () -> {
          try (Stream<Path> below = Files.list(LocalPath.ofFolder(folder))) {
            return below
                .filter(Files::isDirectory)
                .map(path -> withSlash(folder) + path.getFileName() + "/")
                .sorted()
                .toList();
          } catch (NoSuchFileException e) {
            return List.of();
          }
        });
  }

  @Override
  public List<StoredObject> list(String folder) {
    LocalListing listing = new LocalListing(withSlash(folder), LocalPath.ofFolder(folder));
    return LocalErrors.calling("list", folder, listing::objects);
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return DOMAIN;
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    Path to = LocalPath.ofFile(target);
    // Apart from each other: a full disk is the target's trouble, and a file that is gone the
    // source's.
    try (LocalSource from = LocalSource.open(source)) {
      LocalErrors.calling(
          "write",
          target,
          () -> {
            copy(from, to);
            return null;
          });
    }
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  private static void copy(LocalSource from, Path to) throws IOException {
    LocalDurability.createParents(to);
    Path temporary = LocalPath.temporary(to);
    try {
      from.copyTo(temporary);
      LocalDurability.publish(temporary, to);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static OptionalLong lengthOf(Path file) throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    }
  }

  private static String withSlash(String folder) {
    return folder.endsWith("/") ? folder : folder + "/";
  }
}
