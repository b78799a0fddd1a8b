package io.twinberg.operation;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an operation does. */
public enum OperationKind {
  /** Verifies replicas. */
  VERIFY,
  /** Lets a failed replica be tried again at once. */
  RETRY;

  /** The word in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The kind of a word. */
  public static Optional<OperationKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
