package io.twinberg.replicator.verify;

import java.util.List;
import java.util.Map;

/**
 * What a verification found.
 *
 * @param counts what was looked at
 * @param violations what is wrong, the first of them
 * @param violationCount how many there are
 * @param notCompared what the source could not be asked about, the first of them
 * @param notComparedCount how many there are
 * @param notes what this verification cannot find
 */
public record VerifyReport(
    Subject subject,
    Map<Checked, Long> counts,
    List<Violation> violations,
    long violationCount,
    List<NotCompared> notCompared,
    long notComparedCount,
    List<RowResult> rows,
    List<String> notes) {
  /** Copies the collections. */
  public VerifyReport {
    counts = Map.copyOf(counts);
    violations = List.copyOf(violations);
    notCompared = List.copyOf(notCompared);
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /** Whether nothing is wrong. */
  public boolean clean() {
    return violationCount == 0;
  }
}
