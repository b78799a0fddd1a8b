package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Collects what a verification finds; used by several threads. */
final class Findings {
  /** More of a kind say no more. */
  private static final int LISTED = 200;

  private final Progress progress;

  // All guarded by this.
  private final Map<Checked, Long> counts = new EnumMap<>(Checked.class);
  private final List<Violation> violations = new ArrayList<>();
  private final List<NotCompared> notCompared = new ArrayList<>();
  private final List<RowResult> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private long violationCount;
  private long notComparedCount;

  Findings(Progress progress) {
    this.progress = progress;
  }

  void count(Checked what, long number) {
    synchronized (this) {
      counts.merge(what, number, Long::sum);
    }
    progress.at(step());
  }

  private synchronized String step() {
    return "%d snapshots, %d manifests, %d files, %d rows"
        .formatted(
            of(Checked.SNAPSHOTS),
            of(Checked.MANIFESTS),
            of(Checked.DATA_FILES) + of(Checked.DELETE_FILES),
            of(Checked.ROWS));
  }

  private long of(Checked what) {
    return counts.getOrDefault(what, 0L);
  }

  synchronized void violation(Kind kind, String path, Object expected, Object actual) {
    violationCount++;
    if (violations.size() < LISTED) {
      violations.add(new Violation(kind, path, String.valueOf(expected), String.valueOf(actual)));
    }
  }

  synchronized void notCompared(String what, String reason) {
    notComparedCount++;
    if (notCompared.size() < LISTED) {
      notCompared.add(new NotCompared(what, reason));
    }
  }

  synchronized void rows(RowResult result) {
    if (rows.size() < LISTED) {
      rows.add(result);
    }
  }

  synchronized void note(String note) {
    notes.add(note);
  }

  synchronized VerifyReport report(Subject subject) {
    return new VerifyReport(
        subject, counts, violations, violationCount, notCompared, notComparedCount, rows, notes);
  }
}
