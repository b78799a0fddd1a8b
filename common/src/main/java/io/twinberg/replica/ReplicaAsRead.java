package io.twinberg.replica;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * The row of a replica as an attempt has read it: what the attempt makes may be published only over
 * the same generation, and only while the replica keeps what the attempt went by.
 */
final class ReplicaAsRead {
  /** Holds for the row while it is so; see {@link #bind}. */
  static final String STILL =
      """
      generation = :generation and retention is not distinct from cast(:retention as varchar)
        and cast(refs as varchar) is not distinct from cast(:refs as varchar)
      """;

  private ReplicaAsRead() {}

  static <S extends SqlStatement<S>> S bind(S statement, Replica read) {
    return statement
        .bind("generation", read.generation())
        .bind("retention", RetentionColumn.of(read.settings().retention()))
        .bind("refs", RefSelectionColumn.of(read.settings().refs()));
  }

  /** Why a publication found no such row. */
  static RuntimeException refusal(Handle handle, Publication publication) {
    Replica read = publication.replica();
    return Replicas.find(handle, read.id())
        .filter(now -> now.generation() == read.generation())
        .filter(now -> !now.settings().keepsLike(read.settings()))
        .<RuntimeException>map(now -> new SettingsChangedException(now.id()))
        .orElseGet(() -> new LeaseLostException(publication.lease()));
  }
}
