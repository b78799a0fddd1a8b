package io.twinberg.log;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A table of a source as the log knows it.
 *
 * @param kind whether it is a table or a view, whose versions are logged alike
 * @param reference the upstream's reference (its raw prefix), empty where it has none
 * @param location the table's location when it was discovered
 * @param headPosition the position of the newest version in the log, empty before the first
 * @param checkedAt when the source was last asked about it with success
 * @param unchangedChecks how many checks in a row found nothing new
 * @param looksAsked how often somebody asked for a look out of turn
 * @param looksAnswered up to which of these requests the source has been asked since
 */
public record SourceTable(
    long id,
    EntryKind kind,
    String source,
    String reference,
    TableIdentifier name,
    String uuid,
    int incarnation,
    TableLifecycle lifecycle,
    String location,
    OptionalLong headPosition,
    Optional<Instant> checkedAt,
    int unchangedChecks,
    long looksAsked,
    long looksAnswered) {

  /** Whether somebody waits for a look out of turn. */
  public boolean owesALook() {
    return looksAsked > looksAnswered;
  }
}
