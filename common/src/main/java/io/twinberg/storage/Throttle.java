package io.twinberg.storage;

import java.util.OptionalLong;

/**
 * How fast one writer may write. While he waits for his turn the limit may change, and he may be
 * told to write no more: neither waits for the end of a long file.
 */
public final class Throttle {
  private final Runnable goOn;
  private volatile OptionalLong limit;
  private volatile Bandwidth bandwidth;

  /**
   * A limit of bytes a second.
   *
   * @param goOn is asked before every slice, and throws what ends the writing
   */
  public Throttle(OptionalLong bytesPerSecond, Runnable goOn) {
    this.goOn = goOn;
    this.limit = bytesPerSecond;
    this.bandwidth = new Bandwidth(bytesPerSecond);
  }

  /** Sets the limit that holds from the next slice on; none for any number of bytes. */
  public synchronized void limit(OptionalLong bytesPerSecond) {
    if (!limit.equals(bytesPerSecond)) {
      limit = bytesPerSecond;
      bandwidth = new Bandwidth(bytesPerSecond);
    }
  }

  /** Waits for the right to write so many bytes. */
  void take(String location, long bytes) {
    try {
      goOn.run();
      for (long left = bytes; left > 0; left -= bandwidth.takeSome(left)) {
        goOn.run();
      }
    } catch (InterruptedException e) {
      throw StoreException.interrupted(location, e);
    }
  }
}
