package io.twinberg.operation;

/** As many operations wait as may. */
public final class TooManyOperationsException extends RuntimeException {
  TooManyOperationsException(long open) {
    super(open + " operations wait or run already; ask again when some are done");
  }
}
