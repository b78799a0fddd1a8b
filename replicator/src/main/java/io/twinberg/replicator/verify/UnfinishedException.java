package io.twinberg.replicator.verify;

/** A verification could not be finished; that says nothing about the replica. */
public final class UnfinishedException extends RuntimeException {
  UnfinishedException(String location, Throwable cause) {
    super("cannot read " + location + " at the moment: " + Trouble.line(cause), cause);
  }
}
