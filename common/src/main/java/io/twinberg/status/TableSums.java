package io.twinberg.status;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How the tables of a source stand together.
 *
 * @param tables how many the source has; views are none
 * @param unchecked how many of them were never checked
 * @param oldestCheck when the table that has waited longest was checked
 */
record TableSums(long tables, long unchecked, Optional<Instant> oldestCheck) {
  /** Those of a source without tables. */
  static final TableSums NONE = new TableSums(0, 0, Optional.empty());

  /** The sums of each source that has a table. */
  static Map<String, TableSums> bySource(Collection<ListedTable> tables) {
    return tables.stream()
        .filter(ListedTable::followed)
        .collect(
            Collectors.groupingBy(
                ListedTable::source,
                Collectors.collectingAndThen(Collectors.toList(), TableSums::of)));
  }

  private static TableSums of(Collection<ListedTable> tables) {
    return new TableSums(
        tables.size(),
        tables.stream().filter(table -> table.checkedAt().isEmpty()).count(),
        tables.stream().flatMap(table -> table.checkedAt().stream()).min(Instant::compareTo));
  }
}
