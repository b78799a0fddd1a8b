package io.twinberg.replicator.reconcile;

import io.twinberg.log.SourceTable;
import io.twinberg.log.TableCheck;
import io.twinberg.log.TableChecks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Checks that are kept for a moment, to be written together: of what a source at rest costs, each
 * write was the most. Those that a crash takes are made again.
 */
final class KeptChecks {
  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration WAITED_FOR = Duration.ofSeconds(1);
  private static final int MOST = 100;

  /** Of the time until its next check, no check is kept for more than this part. */
  private static final int PART = 4;

  private final TableChecks checks;
  private final Clock clock;
  private final Map<Long, TableCheck> kept = new LinkedHashMap<>();
  private boolean waitedFor;
  private Instant begun = Instant.MAX;
  private Instant writeBy = Instant.MAX;

  KeptChecks(TableChecks checks, Clock clock) {
    this.checks = checks;
    this.clock = clock;
  }

  int size() {
    return kept.size();
  }

  /** Whether a due table has been checked since all that was asked, and its row does not say so. */
  boolean has(SourceTable table) {
    TableCheck check = kept.get(table.id());
    return check != null && check.asked() == table.looksAsked();
  }

  /**
   * Keeps a check.
   *
   * @param isWaitedFor whether somebody waits for it, who is not to wait for a slow source's other
   *     tables too
   */
  void add(TableCheck check, boolean isWaitedFor) {
    kept.put(check.table(), check);
    Instant by = check.at().plus(isWaitedFor ? WAITED_FOR : longest(check));
    writeBy = by.isBefore(writeBy) ? by : writeBy;
    begun = check.at().isBefore(begun) ? check.at() : begun;
    waitedFor |= isWaitedFor;
  }

  private static Duration longest(TableCheck check) {
    Duration part = check.interval().dividedBy(PART);
    return part.compareTo(LONGEST) < 0 ? part : LONGEST;
  }

  /** Writes them if it is time, by a clock that may have been set back. */
  void writeIfDue() {
    Instant now = clock.instant();
    if (kept.size() >= MOST || !now.isBefore(writeBy) || now.isBefore(begun)) {
      write();
    }
  }

  /** Writes them if somebody waits for one, or it is time. */
  void writeIfWaitedFor() {
    if (waitedFor) {
      write();
    } else {
      writeIfDue();
    }
  }

  /** Writes them now. */
  void write() {
    checks.checked(kept.values());
    kept.clear();
    waitedFor = false;
    begun = Instant.MAX;
    writeBy = Instant.MAX;
  }
}
