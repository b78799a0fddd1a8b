package io.twinberg.replicator.delete;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file being written to the destination by Iceberg's writers, which always close what they have
 * begun: only a file that was not given up appears.
 */
final class TargetFile implements OutputFile {
  private final ObjectStore store;
  private final String location;
  private @Nullable StoreOutput out;
  private boolean givenUp;

  TargetFile(ObjectStore store, String location) {
    this.store = store;
    this.location = location;
  }

  /** Lets nothing appear; what is written from now on goes nowhere. */
  void giveUp() {
    givenUp = true;
    if (out != null) {
      out.abort();
    }
  }

  /** The length of what was written. */
  long length() {
    return out == null ? 0 : out.written();
  }

  @Override
  public PositionOutputStream create() {
    StoreOutput created = store.create(location);
    out = created;
    if (givenUp) {
      created.abort();
    }
    return new Stream(created);
  }

  @Override
  public PositionOutputStream createOrOverwrite() {
    return create();
  }

  @Override
  public String location() {
    return location;
  }

  @Override
  public InputFile toInputFile() {
    throw new UnsupportedOperationException("nothing reads " + location + " while it is written");
  }

  private final class Stream extends PositionOutputStream {
    private final StoreOutput target;

    Stream(StoreOutput target) {
      this.target = target;
    }

    @Override
    public long getPos() {
      return target.written();
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (!givenUp) {
        target.write(bytes, offset, length);
      }
    }

    @Override
    public void close() {
      if (!givenUp) {
        target.close();
      }
    }
  }
}
