package io.twinberg.status;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How soon versions became readable at a destination within a stretch of time.
 *
 * @param versions how many versions were published
 * @param median what half of them took at most, from their commit on
 * @param p99 what 99 of 100 took at most
 * @param files how many files were copied or rewritten for them, in {@code bytes} bytes
 * @param withinObjective the share of them that took no longer than the destination's objective;
 *     empty without an objective or without versions
 */
public record LagFigures(
    long versions,
    Duration median,
    Duration p99,
    long files,
    long bytes,
    OptionalDouble withinObjective) {}
