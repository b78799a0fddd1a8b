package io.twinberg.replicator.mapping;

import java.util.Random;

/** The seed of a random test: printed, and taken from {@code -Dseed=} to repeat a run. */
final class Seeds {
  private Seeds() {}

  static Random random() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed=" + seed);
    return new Random(seed);
  }
}
