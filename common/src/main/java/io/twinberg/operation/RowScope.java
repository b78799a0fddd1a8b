package io.twinberg.operation;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Of which snapshots a verification compares the rows. */
public enum RowScope {
  /** Of none: files and metadata only. */
  NONE,
  /** Of the current one. */
  CURRENT,
  /** Of every one that both sides have. */
  ALL;

  /** The word in the API and on the command line. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The scope of a word. */
  public static Optional<RowScope> ofWord(String word) {
    return Stream.of(values()).filter(scope -> scope.word().equals(word)).findFirst();
  }
}
