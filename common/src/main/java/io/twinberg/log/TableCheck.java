package io.twinberg.log;

import java.time.Duration;
import java.time.Instant;

/**
 * One check of a table that reached the source.
 *
 * @param table its row
 * @param asked the newest request for a look that stood there before the check began
 * @param at when the check began: it has seen nothing of what came later
 * @param changed whether it found something new; otherwise the table's next checks come more seldom
 * @param interval from the check to the next one
 */
public record TableCheck(long table, long asked, Instant at, boolean changed, Duration interval) {}
