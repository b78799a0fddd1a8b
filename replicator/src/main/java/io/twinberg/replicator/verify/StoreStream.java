package io.twinberg.replicator.verify;

import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.jspecify.annotations.Nullable;

/** A seekable stream over an object: a request for each jump that is too far to read through. */
final class StoreStream extends SeekableInputStream {
  /** Up to here, reading is cheaper than another request. */
  private static final long READ_THROUGH = 512 << 10;

  private final ObjectStore store;
  private final String location;
  private @Nullable InputStream in;
  private long position;
  private long wanted;

  StoreStream(ObjectStore store, String location) {
    this.store = store;
    this.location = location;
  }

  @Override
  public long getPos() {
    return wanted;
  }

  @Override
  public void seek(long newPosition) {
    wanted = newPosition;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = current().read(bytes, offset, length);
    if (count > 0) {
      position += count;
      wanted = position;
    }
    return count;
  }

  private InputStream current() throws IOException {
    InputStream open = in;
    if (open != null && wanted >= position && wanted - position <= READ_THROUGH) {
      open.skipNBytes(wanted - position);
      position = wanted;
      return open;
    }
    close();
    open = store.open(location, wanted);
    position = wanted;
    in = open;
    return open;
  }

  @Override
  public void close() throws IOException {
    if (in != null) {
      in.close();
      in = null;
    }
  }
}
