package io.twinberg.storage;

import java.io.OutputStream;

/**
 * An object being written, invisible until it is closed.
 *
 * <p>All methods throw {@link StoreException}. After a failed write or close, or an abort, nothing
 * is left behind and closing does nothing.
 */
public abstract class StoreOutput extends OutputStream {
  private static final int SINGLE = 1;

  private boolean open = true;
  private long written;

  /** The number of bytes accepted so far. */
  public final long written() {
    return written;
  }

  @Override
  public final void write(int b) {
    write(new byte[] {(byte) b}, 0, SINGLE);
  }

  @Override
  public final void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public final void write(byte[] bytes, int offset, int length) {
    if (!open) {
      throw new IllegalStateException("The output is closed");
    }
    try {
      append(bytes, offset, length);
    } catch (RuntimeException e) {
      abort();
      throw e;
    }
    written += length;
  }

  /** Gives up: frees what was stored so far, publishes nothing. Does nothing after close. */
  public final void abort() {
    if (open) {
      open = false;
      discard();
    }
  }

  /** Publishes the object; returns only when it is durable and visible. */
  @Override
  public final void close() {
    if (!open) {
      return;
    }
    open = false;
    try {
      publish();
    } catch (RuntimeException e) {
      discard();
      throw e;
    }
  }

  /** Takes bytes, buffering them or sending them on. */
  abstract void append(byte[] bytes, int offset, int length);

  /** Makes the object visible. */
  abstract void publish();

  /** Frees everything, best effort and without throwing: the caller reports the first failure. */
  abstract void discard();
}
