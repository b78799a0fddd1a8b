package io.twinberg.replicator.histories;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * One thing that happens to a table. Its own seed decides all that is random about it, so that it
 * stays the same, as far as it can, when others are left out.
 */
record Operation(Kind kind, long seed) {
  /** What happens, and how often beside the others. */
  enum Kind {
    APPEND(14),
    OVERWRITE(4),
    DELETE(4),
    EQUALITY_DELETE(5),
    POSITION_DELETE(6),
    COMPACT(4),
    REWRITE_MANIFESTS(3),
    STAGE(4),
    CHERRY_PICK(5),
    ROLLBACK(3),
    SET_CURRENT(2),
    BRANCH(3),
    TAG(3),
    BRANCH_WRITE(5),
    FAST_FORWARD(2),
    REPLACE_REF(2),
    REMOVE_REF(5),
    EXPIRE(5),
    EXPIRE_ALL(6),
    DELETE_ALL(4),
    COLUMN(9),
    RENAME(3),
    SPEC(10),
    SORT_ORDER(2),
    PROPERTIES(3),
    REPLACE_TABLE(2),
    UPGRADE(2),
    SET_LOCATION(2),
    STATISTICS(4),
    REMOVE_STATISTICS(1),
    ADD_FILES(2),
    SYNC(30);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  /** Random numbers that differ for seeds in a row, unlike those of {@link Random} itself. */
  static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }

  /** What it takes that an id of a schema or a spec comes back with another meaning. */
  private static final List<List<Kind>> REUSES =
      List.of(
          List.of(
              Kind.COLUMN,
              Kind.APPEND,
              Kind.SYNC,
              Kind.COLUMN,
              Kind.APPEND,
              Kind.EXPIRE_ALL,
              Kind.COLUMN),
          List.of(
              Kind.SPEC,
              Kind.APPEND,
              Kind.SYNC,
              Kind.SPEC,
              Kind.DELETE_ALL,
              Kind.APPEND,
              Kind.EXPIRE_ALL,
              Kind.SPEC));

  /** A history in which the replica follows every commit, or random batches of them. */
  static List<Operation> history(Random random, int length, boolean everyCommit) {
    List<Kind> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int i = 0; i < kind.weight && (kind != Kind.SYNC || !everyCommit); i++) {
        kinds.add(kind);
      }
    }
    List<Operation> history = new ArrayList<>();
    while (history.stream().filter(operation -> operation.kind() != Kind.SYNC).count() < length) {
      List<Kind> next =
          random.nextInt(20) == 0
              ? REUSES.get(random.nextInt(REUSES.size()))
              : List.of(kinds.get(random.nextInt(kinds.size())));
      for (Kind kind : next) {
        history.add(new Operation(kind, random.nextInt(10_000)));
        if (everyCommit) {
          history.add(new Operation(Kind.SYNC, 0));
        }
      }
    }
    return history;
  }

  @Override
  public String toString() {
    return kind == Kind.SYNC ? "SYNC" : kind + "(" + seed + ")";
  }
}
