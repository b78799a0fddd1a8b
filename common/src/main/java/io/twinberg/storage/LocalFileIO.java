package io.twinberg.storage;

import java.util.Map;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/**
 * Iceberg's file access for local files, without Hadoop: Hadoop's user lookup fails on JDK 25, and
 * its local files are neither atomic nor synced.
 *
 * <p>Named in {@code io-impl}, so it is public and has a constructor without arguments.
 */
public final class LocalFileIO implements FileIO {
  private static final LocalObjectStore STORE = new LocalObjectStore();

  /** Made by Iceberg, which calls {@code initialize} next. */
  public LocalFileIO() {}

  @Override
  public InputFile newInputFile(String location) {
    return new LocalInputFile(location, LocalPath.ofFile(location));
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new LocalOutputFile(location, LocalPath.ofFile(location));
  }

  @Override
  public void deleteFile(String location) {
    STORE.delete(location);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public void initialize(Map<String, String> properties) {
    // Local files need no settings.
  }
}
