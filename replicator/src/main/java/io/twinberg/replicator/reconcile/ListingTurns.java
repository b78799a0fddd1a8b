package io.twinberg.replicator.reconcile;

import io.twinberg.log.Sources;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/** When a source is to be listed: at every interval, and out of turn when somebody asks for it. */
final class ListingTurns {
  private static final Duration AGAIN = Duration.ofSeconds(10);

  private final String source;
  private final Sources sources;
  private final Clock clock;
  private final SweepIntervals intervals;
  private volatile Instant listedAt = Instant.MIN;
  private long notWhole;

  ListingTurns(String source, Sources sources, Clock clock, SweepIntervals intervals) {
    this.source = source;
    this.sources = sources;
    this.clock = clock;
    this.intervals = intervals;
  }

  /** Makes the next turn list, whenever the last one did. */
  void makeDue() {
    listedAt = Instant.MIN;
  }

  /**
   * Lists if it is time, and says so to who asked.
   *
   * @param listing tells whether it listed the whole source
   */
  void listIfDue(BooleanSupplier listing) {
    OptionalLong asked = sources.listingAsked(source);
    Instant now = clock.instant();
    if (!isOwed(asked, now) && !hasPassed(intervals.first(), now)) {
      return;
    }
    listedAt = now;
    boolean whole = listing.getAsBoolean();
    if (asked.isPresent() && whole) {
      sources.listed(source, asked.getAsLong());
    } else if (asked.isPresent()) {
      notWhole = asked.getAsLong();
    }
  }

  /**
   * Whether to list out of turn. What could not be listed whole waits before it is tried again: a
   * namespace that Twinberg may not list must not keep the source busy.
   */
  private boolean isOwed(OptionalLong asked, Instant now) {
    Duration again = intervals.first().compareTo(AGAIN) < 0 ? intervals.first() : AGAIN;
    return asked.isPresent() && (asked.getAsLong() > notWhole || hasPassed(again, now));
  }

  /** Since the last listing, by a clock that may have been set back. */
  private boolean hasPassed(Duration wait, Instant now) {
    return now.isBefore(listedAt) || !now.isBefore(listedAt.plus(wait));
  }
}
