package io.twinberg.proxy.access;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.proxy.http.CallerLookup;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who a caller is by Twinberg's own tokens, what that allows, and who gets access tokens. */
public sealed interface AccessPolicy extends CallerLookup permits OpenPolicy, TokenPolicy {
  /** The name of callers that no token identifies. */
  String ANONYMOUS = "anonymous";

  /** How long access tokens are valid. */
  Duration LIFETIME = Duration.ofHours(1);

  /** Everyone may do everything; for loopback hosts only. */
  static AccessPolicy open() {
    return new OpenPolicy();
  }

  /** Callers are known by these tokens; others may do nothing, and nobody watches them try. */
  static AccessPolicy tokens(List<Token> tokens) {
    return tokens(tokens, new FailedAttempts(new SimpleMeterRegistry(), Ticker.systemTicker()));
  }

  /** Callers are known by these tokens; others may do nothing. */
  static AccessPolicy tokens(List<Token> tokens, FailedAttempts attempts) {
    return tokens(tokens, attempts, Clock.systemUTC(), LIFETIME);
  }

  /** Callers are known by these tokens; for tests with a time of their own. */
  static AccessPolicy tokens(
      List<Token> tokens, FailedAttempts attempts, Clock clock, Duration lifetime) {
    return tokens(tokens, List.of(), attempts, clock, lifetime);
  }

  /** Callers are known by these tokens, or by credentials of other kinds. */
  static AccessPolicy tokens(
      List<Token> tokens, List<Credentials> others, FailedAttempts attempts) {
    return tokens(tokens, others, attempts, Clock.systemUTC(), LIFETIME);
  }

  private static AccessPolicy tokens(
      List<Token> tokens,
      List<Credentials> others,
      FailedAttempts attempts,
      Clock clock,
      Duration lifetime) {
    List<Credentials> kinds = new ArrayList<>();
    kinds.add(new FileTokens(tokens, clock, lifetime));
    kinds.addAll(others);
    return new TokenPolicy(kinds, attempts);
  }

  /** Whether no credential is needed, so that there are none to be told apart. */
  boolean isOpen();

  /** How long attempts from an address are refused because others failed, empty if they are not. */
  Optional<Duration> blockedFor(String address);

  /**
   * How long an address stays blocked for whoever proved that this access token is his, empty when
   * he is let in: nobody has failed, or he was let in from there before.
   */
  Optional<Duration> blockedFor(String address, AccessToken token);

  /**
   * Counts an attempt from an address with a credential that nobody knows; none of a blocked
   * address.
   */
  void countFailure(String address);

  /**
   * An access token for a client that says its secret, empty if it is none of ours, or the address
   * is blocked and the secret would have to be looked up.
   */
  Optional<AccessToken> issue(Client client, String address);

  /** An access token for those who send no credential, where none is needed. */
  Optional<AccessToken> anonymous();

  /** A new access token for one that is still valid, or for a secret. */
  Exchange exchange(String subject, String address);

  /** A new access token for a client that holds one, which may have expired. */
  Exchange exchange(String subject, Client client, String address);

  /** What became of an exchange. */
  sealed interface Exchange {
    /** The new token. */
    record Issued(AccessToken token) implements Exchange {}

    /** The old one was ours, but its time is over. */
    record Expired() implements Exchange {}

    /** It lets its holder in, and is not ours to give another for. */
    record Foreign() implements Exchange {}

    /** Not ours, or not this client's. */
    record Unknown() implements Exchange {}
  }
}
