package io.twinberg.proxy.capture;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The intents of one source that this process answers for: their calls are under way, or their
 * outcomes wait to be written.
 *
 * <p>An intent is durable a moment before its number is known here. So a pending one that nobody
 * holds counts as lost only once everything that was being opened when it was seen has ended; no
 * clock is asked.
 */
final class HeldIntents {
  // All guarded by this.
  private final Map<Long, Integer> holds = new HashMap<>();
  private final Set<Long> openings = new HashSet<>();
  private Set<Long> suspects = Set.of();
  private Set<Long> openingsThen = Set.of();
  private long lastOpening;

  /** An intent is about to be written; returns the number of the opening. */
  synchronized long begin() {
    openings.add(++lastOpening);
    return lastOpening;
  }

  /** An opening is over; who got an intent holds it by then. */
  synchronized void end(long opening) {
    openings.remove(opening);
  }

  /** Somebody answers for an intent. */
  synchronized void hold(long intent) {
    holds.merge(intent, 1, Integer::sum);
  }

  /** One of those who answer for an intent does so no more. */
  synchronized void release(long intent) {
    holds.computeIfPresent(intent, (id, count) -> count == 1 ? null : count - 1);
  }

  /**
   * Those that nobody will settle; to be asked from time to time.
   *
   * @param pending what this process has opened and not settled, just read
   */
  synchronized Set<Long> lost(Collection<Long> pending) {
    if (!Collections.disjoint(openings, openingsThen)) {
      return Set.of();
    }
    Set<Long> unheld = new HashSet<>(pending);
    unheld.removeAll(holds.keySet());
    Set<Long> lost = new HashSet<>(unheld);
    lost.retainAll(suspects);
    unheld.removeAll(lost);
    suspects = unheld;
    openingsThen = Set.copyOf(openings);
    return lost;
  }
}
