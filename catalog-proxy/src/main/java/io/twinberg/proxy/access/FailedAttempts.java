package io.twinberg.proxy.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.Policy.VarExpiration;
import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;

/**
 * Counts attempts with unknown credentials per address. Too many within a minute block the address,
 * each time for longer; an address that keeps quiet is forgotten. A token that was let in from an
 * address lately is let in on: clients that share an address must not be locked out by one among
 * them that is misconfigured, and who guesses learns nothing from it.
 */
public final class FailedAttempts {
  private static final int ALLOWED = 10;
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Duration FIRST_BLOCK = Duration.ofMinutes(1);
  private static final int MAX_DOUBLINGS = 5;
  private static final Duration MEMORY = Duration.ofHours(2);
  private static final int MAX_ADDRESSES = 10_000;

  private final Cache<String, Integer> failures;
  private final Cache<String, Integer> blocks;
  private final Cache<String, Duration> blocked;
  private final Cache<LetIn, Boolean> letIn;
  private final VarExpiration<String, Duration> expiry;
  private final Counter failed;
  private final Counter refused;

  private record LetIn(String network, String token) {}

  /** Nobody has failed yet. */
  public FailedAttempts(MeterRegistry registry, Ticker ticker) {
    // Counted from the first failure: those that follow leave its time alone.
    this.failures =
        bounded(ticker)
            .expireAfter(Expiry.<String, Integer>creating((key, count) -> WINDOW))
            .build();
    this.blocks = bounded(ticker).expireAfterWrite(MEMORY).build();
    this.letIn = bounded(ticker).expireAfterWrite(MEMORY).build();
    this.blocked =
        bounded(ticker).expireAfter(Expiry.<String, Duration>creating((key, time) -> time)).build();
    this.expiry = blocked.policy().expireVariably().orElseThrow();
    this.failed = registry.counter("access.attempts.failed");
    this.refused = registry.counter("access.attempts.refused");
  }

  /** Evicts in the calling thread, so that nothing happens beside the ticker's time. */
  private static Caffeine<Object, Object> bounded(Ticker ticker) {
    return Caffeine.newBuilder().maximumSize(MAX_ADDRESSES).ticker(ticker).executor(Runnable::run);
  }

  /**
   * How long an address stays blocked for a token that is right, empty when the token is let in,
   * which is remembered.
   */
  Optional<Duration> blockedFor(String address, String token) {
    LetIn known = new LetIn(ClientNetwork.of(address), token);
    Optional<Duration> left =
        letIn.getIfPresent(known) == null ? blockedFor(address) : Optional.empty();
    if (left.isEmpty()) {
      letIn.put(known, true);
    }
    return left;
  }

  /** How much may be done to find out who calls from an address. */
  Effort effort(String address) {
    String network = ClientNetwork.of(address);
    return left(network).isEmpty()
        ? Effort.FULL
        : Effort.ofBlocked(token -> letIn.getIfPresent(new LetIn(network, token)) != null);
  }

  /** How long an address stays blocked, empty when it is not. */
  Optional<Duration> blockedFor(String address) {
    Optional<Duration> left = left(ClientNetwork.of(address));
    left.ifPresent(time -> refused.increment());
    return left;
  }

  private Optional<Duration> left(String network) {
    return expiry.getExpiresAfter(network).filter(time -> !time.isNegative() && !time.isZero());
  }

  /**
   * Remembers that an address sent what is no credential of ours. While it is blocked nothing is
   * looked up, so nothing has failed.
   */
  void count(String address) {
    String network = ClientNetwork.of(address);
    if (left(network).isPresent()) {
      return;
    }
    failed.increment();
    if (failures.asMap().merge(network, 1, Integer::sum) >= ALLOWED) {
      failures.invalidate(network);
      int times = blocks.asMap().merge(network, 1, Integer::sum);
      blocked.put(network, FIRST_BLOCK.multipliedBy(1L << Math.min(times - 1, MAX_DOUBLINGS)));
    }
  }
}
