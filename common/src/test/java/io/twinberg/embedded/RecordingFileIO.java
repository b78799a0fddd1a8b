package io.twinberg.embedded;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.apache.iceberg.inmemory.InMemoryFileIO;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;

/** Files in memory; knows which exist, and lets a test act, or fail, before one is written. */
final class RecordingFileIO implements FileIO {
  private final InMemoryFileIO files = new InMemoryFileIO();
  private final Set<String> written = new ConcurrentSkipListSet<>();
  private volatile Consumer<String> beforeWrite = location -> {};

  /** What happens before the next file is written; what happens then is not told of itself. */
  void beforeNextWrite(Consumer<String> action) {
    beforeWrite =
        location -> {
          beforeWrite = later -> {};
          action.accept(location);
        };
  }

  /** Fails writes of files below a location. */
  void failBelow(String prefix) {
    beforeWrite =
        location -> {
          if (location.startsWith(prefix)) {
            throw new IllegalStateException("the store refuses " + location);
          }
        };
  }

  Set<String> existing() {
    return new TreeSet<>(written);
  }

  @Override
  public InputFile newInputFile(String location) {
    return files.newInputFile(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    beforeWrite.accept(location);
    written.add(location);
    return files.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    files.deleteFile(location);
    written.remove(location);
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }
}
