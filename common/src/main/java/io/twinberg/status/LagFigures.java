package io.twinberg.status;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How soon versions became readable within a stretch of time: those of one source, or those at one
 * destination.
 *
 * @param versions how many versions were published; each counts at each of its destinations
 * @param median what half of them took at most, from their commit on
 * @param p99 what 99 of 100 took at most
 * @param files how many files were copied or rewritten for them, in {@code bytes} bytes
 * @param withinObjective the share that took no longer than the objective of their destination, of
 *     those whose destination has one; empty where there are none
 */
public record LagFigures(
    long versions,
    Duration median,
    Duration p99,
    long files,
    long bytes,
    OptionalDouble withinObjective) {}
