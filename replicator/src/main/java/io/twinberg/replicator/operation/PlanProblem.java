package io.twinberg.replicator.operation;

/** Why a plan cannot count a table, beside what would hold up its replica. */
enum PlanProblem {
  /** The source has no such table, or does not show it. */
  NOT_FOUND,
  /** Another table has its place at the destination. */
  TARGET_TAKEN,
  /** It has more files than a plan keeps apart. */
  TOO_MANY_FILES
}
