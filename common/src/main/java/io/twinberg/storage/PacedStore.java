package io.twinberg.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.twinberg.storage.StoreException.Kind;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store that is asked as fast as it answers: fewer calls at once when it asks to slow down, those
 * that it refused for that reason once more after a while, and no more bytes a second than allowed.
 *
 * <p>What is repeated here writes the same bytes under the same name again. An upload in parts is
 * not: its parts are sent by the store itself.
 */
public final class PacedStore implements ObjectStore {
  private static final Logger LOG = LoggerFactory.getLogger(PacedStore.class);
  private static final int MOST_CALLS = 64;

  private final String name;
  private final ObjectStore store;
  private final Bandwidth bandwidth;
  private final AdaptiveLimit limit = new AdaptiveLimit(MOST_CALLS);
  private final RetryPolicy<Object> whenThrottled;

  /**
   * How often and when a refused call is made once more.
   *
   * @param retries after the first refusal; the S3 client has tried three times by then
   * @param firstPause doubled each time, and spread by half, so that not all come back at once
   */
  record Patience(int retries, Duration firstPause, Duration longestPause) {
    static final Patience USUAL = new Patience(5, Duration.ofMillis(500), Duration.ofSeconds(10));
  }

  /**
   * Paces the calls to a store, which stays the caller's.
   *
   * @param name of the store, for the log
   * @param bytesPerSecond how much is written at most; none for any number
   */
  public PacedStore(String name, ObjectStore store, OptionalLong bytesPerSecond) {
    this(name, store, bytesPerSecond, Patience.USUAL);
  }

  PacedStore(String name, ObjectStore store, OptionalLong bytesPerSecond, Patience patience) {
    this.name = name;
    this.store = store;
    this.bandwidth = new Bandwidth(bytesPerSecond);
    this.whenThrottled =
        RetryPolicy.builder()
            .handleIf(e -> e instanceof StoreException failed && failed.kind() == Kind.THROTTLED)
            .withMaxRetries(patience.retries)
            .withBackoff(patience.firstPause, patience.longestPause)
            .withJitter(0.5)
            .build();
  }

  @Override
  public InputStream open(String location) {
    return repeated(location, () -> store.open(location));
  }

  @Override
  public InputStream open(String location, long offset) {
    return repeated(location, () -> store.open(location, offset));
  }

  @Override
  public OptionalLong length(String location) {
    return repeated(location, () -> store.length(location));
  }

  @Override
  public void put(String location, byte[] bytes) {
    write(location, bytes.length);
    repeated(
        location,
        () -> {
          store.put(location, bytes);
          return location;
        });
  }

  @Override
  public StoreOutput create(String location) {
    return new PacedOutput(this, location, store.create(location));
  }

  @Override
  public void delete(String location, Deadline deadline) {
    repeated(
        location,
        () -> {
          store.delete(location, deadline);
          return location;
        });
  }

  @Override
  public List<String> folders(String folder) {
    return repeated(folder, () -> store.folders(folder));
  }

  @Override
  public List<StoredObject> list(String folder) {
    return repeated(folder, () -> store.list(folder));
  }

  /** Not repeated: {@code each} has seen a part of it by then. */
  @Override
  public void list(String folder, Consumer<StoredObject> each) {
    once(
        folder,
        () -> {
          store.list(folder, each);
          return folder;
        });
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return store.copyDomain(location);
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    write(target, expectedLength);
    repeated(
        target,
        () -> {
          store.copy(source, target, expectedLength);
          return target;
        });
  }

  /** Does nothing: the store is somebody else's. */
  @Override
  public void close() {}

  /** How many calls may be on their way now. */
  int callsAtOnce() {
    return limit.limit();
  }

  /** Waits for the right to write so many bytes. */
  void write(String location, long bytes) {
    try {
      for (long left = bytes; left > 0; ) {
        left -= bandwidth.takeSome(left);
      }
    } catch (InterruptedException e) {
      throw StoreException.interrupted(location, e);
    }
  }

  private <T> T repeated(String location, Supplier<T> call) {
    try {
      return Failsafe.with(whenThrottled).get(() -> once(location, call));
    } catch (FailsafeException e) {
      throw StoreException.interrupted(location, e);
    }
  }

  /** One call, which takes a place of those that may be on their way. */
  <T> T once(String location, Supplier<T> call) {
    int entered = entered(location);
    boolean throttled = false;
    try {
      return call.get();
    } catch (StoreException e) {
      throttled = e.kind() == Kind.THROTTLED;
      throw e;
    } finally {
      ended(entered, throttled);
    }
  }

  private void ended(int entered, boolean throttled) {
    if (!throttled) {
      limit.answered(entered);
    } else if (limit.throttled(entered)) {
      LOG.warn("store asks to slow down store={} calls-at-once={}", name, limit.limit());
    }
  }

  private int entered(String location) {
    try {
      return limit.enter();
    } catch (InterruptedException e) {
      throw StoreException.interrupted(location, e);
    }
  }
}
