package io.twinberg.replicator.plan;

/** A table has more files than a plan can tell apart in the memory that it may take. */
public final class TooManyFilesException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyFilesException(int most) {
    super(
        "it has more than %,d files, and a plan keeps no more apart; the copy itself has no such bound"
            .formatted(most));
  }
}
