package io.twinberg.testing;

import io.twinberg.testing.S3Requests.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Decides which requests meet which faults. The same seed draws the same again, as far as the same
 * requests come in the same order.
 */
public final class FaultPlan {
  private record Burst(Fault fault, int left) {}

  // All guarded by this.
  private final Random random;
  private final List<FaultRule> rules = new ArrayList<>();
  private final Map<FaultRule, Integer> begun = new HashMap<>();
  private final Map<String, Burst> underWay = new HashMap<>();
  private final Map<Fault, Integer> met = new EnumMap<>(Fault.class);
  private long requests;

  /** A plan without faults. */
  public FaultPlan(long seed) {
    // Neighbouring seeds begin alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** Adds a rule; of several that match a request the first one decides. */
  public synchronized void add(FaultRule rule) {
    rules.add(rule);
  }

  /** Ends all faults, also those that would have gone on. */
  public synchronized void heal() {
    rules.clear();
    begun.clear();
    underWay.clear();
  }

  /** How many requests have met each fault so far. */
  public synchronized Map<Fault, Integer> met() {
    return new EnumMap<>(met);
  }

  /** How many requests have met a fault so far. */
  public synchronized int met(Fault fault) {
    return met.getOrDefault(fault, 0);
  }

  /** How many requests have come so far. */
  public synchronized long requests() {
    return requests;
  }

  /** The fault that a request meets, if any. */
  synchronized Optional<Fault> next(Kind kind, String key) {
    requests++;
    String asked = kind + " " + key;
    Burst burst = underWay.remove(asked);
    if (burst == null) {
      burst = begin(kind, key);
    }
    if (burst == null) {
      return Optional.empty();
    }
    if (burst.left() > 1) {
      underWay.put(asked, new Burst(burst.fault(), burst.left() - 1));
    }
    met.merge(burst.fault(), 1, Integer::sum);
    return Optional.of(burst.fault());
  }

  /** A number below a bound, for where in an answer a fault happens. */
  synchronized int place(int bound) {
    return random.nextInt(bound);
  }

  private Burst begin(Kind kind, String key) {
    for (FaultRule rule : rules) {
      if (rule.matches(kind, key) && strikes(rule)) {
        begun.merge(rule, 1, Integer::sum);
        return new Burst(rarest(rule, kind), rule.shortest() + spread(rule));
      }
    }
    return null;
  }

  private boolean strikes(FaultRule rule) {
    return begun.getOrDefault(rule, 0) < rule.count() && random.nextDouble() < rule.probability();
  }

  private int spread(FaultRule rule) {
    return random.nextInt(rule.longest() - rule.shortest() + 1);
  }

  /** The one met least, so that a short run meets all. */
  private Fault rarest(FaultRule rule, Kind kind) {
    return rule.faults().stream()
        .filter(fault -> fault.canMeet(kind))
        .min(Comparator.comparing(fault -> met.getOrDefault(fault, 0)))
        .orElseThrow();
  }
}
