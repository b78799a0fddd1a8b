package io.twinberg.proxy.audit;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditLog;
import io.twinberg.token.TokenSecret;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts refused calls in memory and writes once a minute how often each was made. Whoever refuses
 * a call waits for no database, and a flood of them is a few rows: so many callers are told apart
 * at once, and so many in the long run; all others are counted together.
 */
public final class RefusedCalls {
  private static final Logger LOG = LoggerFactory.getLogger(RefusedCalls.class);

  static final int AT_ONCE = 500;

  /** Some 7,000 rows a day at most. */
  static final int PER_MINUTE = 5;

  private static final int MAX_CALL = 200;

  private final AuditLog log;
  private final Clock clock;
  private final Counter lumped;
  private final Counter failures;

  // Both guarded by this.
  private Map<RefusedCall, RefusalTally> tallies = new LinkedHashMap<>();
  private int allowance = AT_ONCE;

  /** Nothing was refused yet. */
  public RefusedCalls(AuditLog log, Clock clock, MeterRegistry registry) {
    this.log = log;
    this.clock = clock;
    this.lumped = registry.counter("audit.refusals.lumped");
    this.failures = registry.counter("audit.refusals.write.failures");
  }

  /**
   * Counts a refused call.
   *
   * @param method the call's method
   * @param path its raw path, without the query
   */
  public void count(RefusedCall call, String method, String path) {
    Instant now = clock.instant();
    String words = method + " " + TokenSecret.masked(path);
    String kept = words.length() <= MAX_CALL ? words : words.substring(0, MAX_CALL) + "…";
    if (!add(call, new RefusalTally(1, now, now, kept))) {
      lumped.increment();
    }
  }

  /** Whether the caller is one of those who are told apart. */
  private synchronized boolean add(RefusedCall call, RefusalTally tally) {
    if (tallies.containsKey(call)) {
      tallies.merge(call, tally, RefusalTally::and);
      return true;
    }
    if (call.equals(RefusedCall.LUMPED) || allowance == 0 || tallies.size() >= AT_ONCE) {
      tallies.merge(RefusedCall.LUMPED, tally, RefusalTally::and);
      return false;
    }
    allowance--;
    tallies.put(call, tally);
    return true;
  }

  /** Writes what was counted since the last time; what cannot be written stays for the next one. */
  public void write() {
    Map<RefusedCall, RefusalTally> due = take();
    List<AuditEvent> events =
        due.entrySet().stream().map(one -> one.getKey().event(one.getValue())).toList();
    try {
      if (!events.isEmpty()) {
        log.append(events);
      }
    } catch (RuntimeException e) {
      failures.increment();
      LOG.warn("refused calls not recorded yet kinds={}: {}", events.size(), e.toString());
      giveBack(due);
    }
  }

  private synchronized Map<RefusedCall, RefusalTally> take() {
    Map<RefusedCall, RefusalTally> taken = tallies;
    tallies = new LinkedHashMap<>();
    allowance = Math.min(AT_ONCE, allowance + PER_MINUTE);
    return taken;
  }

  private synchronized void giveBack(Map<RefusedCall, RefusalTally> unwritten) {
    Map<RefusedCall, RefusalTally> since = tallies;
    tallies = unwritten;
    since.forEach(this::add);
  }
}
