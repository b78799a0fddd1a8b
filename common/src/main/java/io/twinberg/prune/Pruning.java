package io.twinberg.prune;

/** Removes rows that are old enough, a batch at a time. */
@FunctionalInterface
public interface Pruning {
  /** Does one batch of a round that is due; false when there is nothing to do for now. */
  boolean step();
}
