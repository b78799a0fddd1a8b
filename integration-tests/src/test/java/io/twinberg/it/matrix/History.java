package io.twinberg.it.matrix;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What happens to a table: commit after commit, each a step that is compared.
 *
 * @param name part of the names of the tables that get it
 * @param possibleIn the kinds of tables it can happen to
 */
record History(String name, Predicate<Cell> possibleIn, Consumer<MatrixTable> commits) {

  /** A history of tables of every kind. */
  static History ofAll(String name, Consumer<MatrixTable> commits) {
    return new History(name, cell -> true, commits);
  }

  @Override
  public String toString() {
    return name;
  }

  /** Lets it happen to a table; a failure names the kind of table and the step. */
  void happenTo(MatrixTable table) {
    try {
      commits.accept(table);
      table.compareAllVersions();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "%s of %s, %s: %s".formatted(name, table.cell(), table.step(), e.getMessage()), e);
    }
  }
}
