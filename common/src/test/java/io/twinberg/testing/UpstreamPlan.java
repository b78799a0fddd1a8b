package io.twinberg.testing;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * Decides which requests to a catalog meet which faults. The same seed draws the same again, as far
 * as the same requests come in the same order.
 */
public final class UpstreamPlan {
  /** How far one rule has got. */
  private static final class Progress {
    private int matched;
    private int begun;
    private int left;
    private UpstreamFault fault;
  }

  // All guarded by this.
  private final Random random;
  private final Map<UpstreamRule, Progress> rules = new HashMap<>();
  private final List<UpstreamRule> order = new ArrayList<>();
  private final Map<UpstreamFault, Integer> met = new HashMap<>();

  /** A plan without faults. */
  public UpstreamPlan(long seed) {
    // Neighbouring seeds begin alike.
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
  }

  /** Adds a rule; of several that strike a request the first one decides. */
  public synchronized void add(UpstreamRule rule) {
    order.add(rule);
    rules.put(rule, new Progress());
  }

  /** Ends all faults, also those that would have gone on. */
  public synchronized void heal() {
    order.clear();
    rules.clear();
  }

  /** How many requests have met each fault so far. */
  public synchronized Map<UpstreamFault, Integer> met() {
    return Map.copyOf(met);
  }

  /** The fault that a request meets, if any. */
  synchronized Optional<UpstreamFault> next(String method, String path) {
    for (UpstreamRule rule : order) {
      if (rule.matches(method, path) && strikes(rule, rules.get(rule))) {
        UpstreamFault fault = rules.get(rule).fault;
        met.merge(fault, 1, Integer::sum);
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private boolean strikes(UpstreamRule rule, Progress progress) {
    progress.matched++;
    if (progress.left > 0) {
      progress.left--;
      return true;
    }
    boolean begins =
        progress.matched > rule.skipped()
            && progress.begun < rule.count()
            && random.nextDouble() < rule.probability();
    if (begins) {
      progress.begun++;
      progress.left = rule.shortest() - 1 + random.nextInt(rule.longest() - rule.shortest() + 1);
      progress.fault = rarest(rule);
    }
    return begins;
  }

  /** The one met least, so that a short run meets all; of several, any. */
  private UpstreamFault rarest(UpstreamRule rule) {
    int least = rule.faults().stream().mapToInt(this::metSoFar).min().orElseThrow();
    List<UpstreamFault> rare =
        rule.faults().stream()
            .filter(fault -> metSoFar(fault) == least)
            .sorted(Comparator.comparing(UpstreamFault::toString))
            .toList();
    return rare.get(random.nextInt(rare.size()));
  }

  private int metSoFar(UpstreamFault fault) {
    return met.getOrDefault(fault, 0);
  }
}
