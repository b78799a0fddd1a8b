package io.twinberg.operation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What an operation does. */
public enum OperationKind {
  /** Verifies replicas. */
  VERIFY,
  /** Lets failed replicas be tried again at once. */
  RETRY,
  /** Lets nothing be done to replicas until they are resumed. */
  PAUSE,
  /** Lets paused replicas go on. */
  RESUME,
  /** Looks at a source now. */
  REFRESH,
  /** Checks all that replicas have and repairs what is missing or damaged. */
  RESYNC;

  /** The word in the API. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Whether it may take hours, reading what replicas have; the others must not wait behind such.
   */
  public boolean isLong() {
    return this == VERIFY || this == RESYNC || this == REFRESH;
  }

  /** The words of all kinds. */
  public static List<String> words() {
    return Stream.of(values()).map(OperationKind::word).toList();
  }

  /** The kind of a word. */
  public static Optional<OperationKind> ofWord(String word) {
    return Stream.of(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }
}
