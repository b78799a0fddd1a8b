package io.twinberg.replicator.settings;

import java.time.Duration;

/**
 * How lanes work.
 *
 * @param lanes how many replicas are worked on at a time
 * @param lease how long a lane may be silent before another process takes over
 * @param poll how often the log is looked at when nobody rings
 * @param firstRetry the wait after a first failure; it doubles up to {@code longestRetry}
 * @param groupHold how long the members of a group wait for each other at a destination
 */
public record LaneSettings(
    int lanes,
    Duration lease,
    Duration poll,
    Duration firstRetry,
    Duration longestRetry,
    Duration groupHold) {}
