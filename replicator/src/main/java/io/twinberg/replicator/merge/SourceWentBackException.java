package io.twinberg.replicator.merge;

/**
 * The source is not a later version of what the replica holds: its catalog was rolled back, or
 * another table was registered under the name. Never merged; the replica is archived and another
 * one begun.
 */
public final class SourceWentBackException extends RuntimeException {
  private final String field;

  SourceWentBackException(String field, Object atReplica, Object atSource) {
    super(
        "the source is no successor of the replica: %s is %s at the replica and %s at the source"
            .formatted(field, atReplica, atSource));
    this.field = field;
  }

  /** The field that betrayed it, as metadata spells it. */
  public String field() {
    return field;
  }
}
