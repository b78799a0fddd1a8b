package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Objects in memory, for Twinberg as a store and for Iceberg as a file system. */
public final class MemoryStore implements ObjectStore {
  private final Map<String, byte[]> objects = new ConcurrentHashMap<>();

  private final AtomicLong deletions = new AtomicLong();

  /** How many objects were deleted through this interface. */
  public long deletions() {
    return deletions.get();
  }

  /** What Iceberg reads and writes with. */
  public FileIO io() {
    return new Io();
  }

  private byte[] bytes(String location) {
    byte[] bytes = objects.get(location);
    if (bytes == null) {
      throw new StoreException(Kind.MISSING, location, "No object at " + location);
    }
    return bytes;
  }

  @Override
  public InputStream open(String location) {
    return new ByteArrayInputStream(bytes(location));
  }

  @Override
  public OptionalLong length(String location) {
    byte[] bytes = objects.get(location);
    return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
  }

  @Override
  public void put(String location, byte[] bytes) {
    objects.put(location, bytes.clone());
  }

  @Override
  public StoreOutput create(String location) {
    return new Output(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    if (objects.remove(location) != null) {
      deletions.incrementAndGet();
    }
  }

  @Override
  public List<String> folders(String folder) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    TreeSet<String> folders = new TreeSet<>();
    for (String location : objects.keySet()) {
      int slash = location.indexOf('/', prefix.length());
      if (location.startsWith(prefix) && slash > 0) {
        folders.add(location.substring(0, slash + 1));
      }
    }
    return List.copyOf(folders);
  }

  @Override
  public List<StoredObject> list(String folder) {
    String prefix = folder.endsWith("/") ? folder : folder + "/";
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith(prefix))
        .map(object -> new StoredObject(object.getKey(), object.getValue().length))
        .sorted(Comparator.comparing(StoredObject::location))
        .toList();
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return new CopyDomain("memory", "");
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    objects.put(target, bytes(source));
  }

  @Override
  public void close() {
    objects.clear();
  }

  private final class Output extends StoreOutput {
    private final String location;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    Output(String location) {
      this.location = location;
    }

    @Override
    void append(byte[] more, int offset, int length) {
      bytes.write(more, offset, length);
    }

    @Override
    void publish() {
      objects.put(location, bytes.toByteArray());
    }

    @Override
    void discard() {
      bytes.reset();
    }
  }

  private final class Io implements FileIO {
    @Override
    public InputFile newInputFile(String location) {
      byte[] bytes = objects.get(location);
      if (bytes == null) {
        throw new NotFoundException("No object at %s", location);
      }
      return new InMemoryInputFile(location, bytes);
    }

    @Override
    public OutputFile newOutputFile(String location) {
      return new File(location);
    }

    @Override
    public void deleteFile(String location) {
      objects.remove(location);
    }
  }

  private final class File implements OutputFile {
    private final String location;

    File(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      return new PositionOutputStream() {
        @Override
        public long getPos() {
          return bytes.size();
        }

        @Override
        public void write(int b) {
          bytes.write(b);
        }

        @Override
        public void write(byte[] more, int offset, int length) {
          bytes.write(more, offset, length);
        }

        @Override
        public void close() {
          objects.put(location, bytes.toByteArray());
        }
      };
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return new Io().newInputFile(location);
    }
  }
}
