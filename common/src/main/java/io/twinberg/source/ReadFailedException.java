package io.twinberg.source;

/** Carries a failure from the depths of a reader to its surface, where it becomes a result. */
final class ReadFailedException extends Exception {
  private final transient LoadResult.Failure failure;

  ReadFailedException(LoadResult.Failure failure) {
    super(failure.detail());
    this.failure = failure;
  }

  LoadResult.Failure failure() {
    return failure;
  }
}
