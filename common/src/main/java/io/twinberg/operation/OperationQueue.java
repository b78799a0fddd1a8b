package io.twinberg.operation;

/** Which operations wait for each other: those of one queue, and never for those of another. */
public enum OperationQueue {
  /** What is done in a moment, and people wait for. */
  QUICK,
  /** What may take hours, reading what replicas have. */
  LONG,
  /** What removes files, with a day in between for readers. */
  REMOVAL
}
