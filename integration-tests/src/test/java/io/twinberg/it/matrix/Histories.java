package io.twinberg.it.matrix;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

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
          new History("upgrade", cell -> cell.format() < 3, UpgradeHistories::upgrade));

  /** What needs a warehouse on the disk of this machine, or is worth a second look there. */
  static final List<History> LOCAL =
      List.of(
          History.ofAll("foreign", LayoutHistories::foreignFiles),
          History.ofAll("rows", RowHistories::rows),
          History.ofAll("expiry", UpkeepHistories::expiry));

  private Histories() {}

  /** Every kind of table with every history that is possible in it and whose name is wanted. */
  static Stream<Arguments> cells(List<History> histories) {
    Pattern wanted = Pattern.compile(System.getProperty("matrix", ""));
    return Cell.ALL.stream()
        .flatMap(
            cell ->
                histories.stream()
                    .filter(history -> history.possibleIn().test(cell))
                    .filter(history -> wanted.matcher(cell + " " + history).find())
                    .map(history -> Arguments.of(cell, history)));
  }
}
