package io.twinberg.identity;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * A client that a token server knows. Its token is fetched when it is first needed, exchanged
 * before it expires while calls go on with the old one, and given up when a catalog refuses it. At
 * most one fetch is under way at a time; all who need a token wait for that one.
 */
final class OAuth2Identity implements Identity {
  /** A token server in trouble is asked again after this time, however many calls want a token. */
  static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);

  private final TokenEndpoint endpoint;
  private final Clock clock;
  private final Object lock = new Object();

  // All guarded by the lock.
  private @Nullable AccessToken token;
  private @Nullable CompletableFuture<AccessToken> fetch;
  private @Nullable CompletableFuture<AccessToken> failed;
  private Instant failedAt = Instant.MIN;

  OAuth2Identity(TokenEndpoint endpoint, Clock clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  @Override
  public Proof prove(OutgoingCall call) {
    return Proof.bearer(token().value());
  }

  /** The refused token is given up, unless it is new or another call has done so already. */
  @Override
  public boolean rejected(Proof proof) {
    synchronized (lock) {
      AccessToken known = token;
      if (known == null || !Proof.bearer(known.value()).equals(proof)) {
        return true;
      }
      if (known.isTooYoungToReplace(clock.instant())) {
        return false;
      }
      token = null;
      return true;
    }
  }

  private AccessToken token() {
    CompletableFuture<AccessToken> coming;
    synchronized (lock) {
      Instant now = clock.instant();
      AccessToken known = token;
      boolean valid = known != null && known.isValid(now);
      if (known != null && valid && !known.isDue(now)) {
        return known;
      }
      coming = fetched(now);
      if (known != null && valid) {
        return known;
      }
    }
    return await(coming);
  }

  /** The fetch under way, one that failed a moment ago, or a new one. Called under the lock. */
  private CompletableFuture<AccessToken> fetched(Instant now) {
    CompletableFuture<AccessToken> current = fetch;
    if (current != null) {
      return current;
    }
    CompletableFuture<AccessToken> last = failed;
    if (last != null && now.isBefore(failedAt.plus(PAUSE_AFTER_FAILURE))) {
      return last;
    }
    // Composed, so that whatever goes wrong ends in settle: a fetch that never ends would stop all.
    CompletableFuture<AccessToken> started =
        CompletableFuture.<Void>completedFuture(null)
            .thenCompose(nothing -> endpoint.fetch())
            .whenComplete(this::settle);
    fetch = started.isDone() ? null : started;
    return started;
  }

  private void settle(@Nullable AccessToken fresh, @Nullable Throwable failure) {
    synchronized (lock) {
      fetch = null;
      failed = failure == null ? null : CompletableFuture.failedFuture(failure);
      failedAt = clock.instant();
      // After a failure the old token stays: it may have some time left.
      token = fresh == null ? token : fresh;
    }
  }

  /** Does not listen to interrupts; the fetch ends within its time-out. */
  private static AccessToken await(CompletableFuture<AccessToken> coming) {
    try {
      return coming.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IdentityException(String.valueOf(cause.getMessage()), cause);
    }
  }

  @Override
  public String toString() {
    return "OAuth2Identity[" + endpoint + "]";
  }
}
