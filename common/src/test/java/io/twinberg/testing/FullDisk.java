package io.twinberg.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk for H2 files that can be full: what lies in the folder then grows no further. As on a real
 * one, a write takes what still fits before it fails, and what is overwritten needs no room.
 */
public final class FullDisk implements AutoCloseable {
  private static final Set<Path> FULL = ConcurrentHashMap.newKeySet();

  private final Path folder;

  private FullDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * The disk under a folder, which has room so far; databases that are opened from now on feel it.
   */
  public static FullDisk under(Path folder) {
    FilePath.register(new Files());
    return new FullDisk(folder.toAbsolutePath());
  }

  /** Leaves no room. */
  public void fill() {
    FULL.add(folder);
  }

  /** Makes room again. */
  public void makeRoom() {
    FULL.remove(folder);
  }

  @Override
  public void close() {
    makeRoom();
  }

  /** H2's files behind the scheme that Twinberg opens its own with; H2 makes instances itself. */
  public static final class Files extends FilePathWrapper {
    @Override
    public String getScheme() {
      return "nio";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      Path path = Path.of(getBase().toString()).toAbsolutePath();
      return new Channel(super.open(mode), path.getParent());
    }
  }

  private static final class Channel extends FileBase {
    private final FileChannel file;
    private final Path folder;

    Channel(FileChannel file, Path folder) {
      this.file = file;
      this.folder = folder;
    }

    @Override
    public int write(ByteBuffer bytes, long position) throws IOException {
      long room = FULL.contains(folder) ? file.size() - position : Long.MAX_VALUE;
      if (bytes.remaining() <= room) {
        return file.write(bytes, position);
      }
      if (room <= 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer fits = bytes.slice(bytes.position(), (int) room);
      int written = file.write(fits, position);
      bytes.position(bytes.position() + written);
      return written;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int written = write(bytes, file.position());
      file.position(file.position() + written);
      return written;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      return file.read(bytes);
    }

    @Override
    public int read(ByteBuffer bytes, long position) throws IOException {
      return file.read(bytes, position);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public void force(boolean metadata) throws IOException {
      file.force(metadata);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
