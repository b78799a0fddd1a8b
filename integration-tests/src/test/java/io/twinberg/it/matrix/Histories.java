package io.twinberg.it.matrix;

import java.util.List;
import java.util.stream.Stream;

/** All that happens to tables in the matrix. */
final class Histories {
  static final List<History> ALL =
      List.of(
          History.ofAll("rows", RowHistories::rows),
          History.ofAll("merges", RowHistories::merges),
          new History("granularity", Cell::mergesOnRead, RowHistories::deletesOfSeveralFiles),
          History.ofAll("upkeep", UpkeepHistories::upkeep),
          History.ofAll("expiry", UpkeepHistories::expiry),
          History.ofAll("refs", RefHistories::refs),
          History.ofAll("staged", RefHistories::staged),
          History.ofAll("rollback", RefHistories::rollback),
          History.ofAll("columns", ShapeHistories::columns),
          History.ofAll("specs", ShapeHistories::specs),
          History.ofAll("replaced", ShapeHistories::replaced),
          History.ofAll("odd_names", ShapeHistories::oddNames),
          History.ofAll("files", LayoutHistories::fileFormats),
          History.ofAll("layouts", LayoutHistories::layouts),
          History.ofAll("foreign", LayoutHistories::foreignFiles),
          new History("upgrade", cell -> cell.format() < 3, UpgradeHistories::upgrade));

  private Histories() {}

  static Stream<History> possibleIn(Cell cell) {
    return ALL.stream().filter(history -> history.possibleIn().test(cell));
  }
}
