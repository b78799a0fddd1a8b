package io.twinberg.storage;

import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.RetryPolicy;
import io.twinberg.storage.StoreException.Kind;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Reads again what broke off in its body: a store's client repeats requests, but not the reading of
 * an answer that it has begun. Of many reads in a row one would fail soon otherwise, and all would
 * begin anew.
 */
public final class ReadAgain {
  private static final RetryPolicy<Object> POLICY =
      RetryPolicy.builder()
          .handleIf(e -> e instanceof StoreException failed && failed.kind() == Kind.UNAVAILABLE)
          .withMaxRetries(3)
          .withBackoff(Duration.ofMillis(50), Duration.ofSeconds(1))
          .withJitter(0.5)
          .build();

  private ReadAgain() {}

  /**
   * Carries out a read of a location from its beginning, up to four times.
   *
   * @throws StoreException what the last one failed with
   */
  public static <T> T whole(String location, Supplier<T> read) {
    try {
      return Failsafe.with(POLICY).get(read::get);
    } catch (FailsafeException e) {
      // Only waiting can be interrupted here; whoever loops above must still see it.
      Thread.currentThread().interrupt();
      throw new StoreException(
          Kind.UNAVAILABLE, location, "Interrupted before " + location + " was read again", e);
    }
  }
}
