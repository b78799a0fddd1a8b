package io.twinberg.replica;

import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/**
 * Since when the removal of snapshots from the tables of a source has been refused for a
 * destination: one hold for all processes, whoever is asked and however often one starts.
 *
 * <p>A hold is over when the destination has what was to be removed. Where nobody came back to see
 * that, another one begins once nobody has asked for as long as it may last, or once it has let go
 * for as long as it held, and the replica has moved on meanwhile: what it lacks then is something
 * else. A replica that stands still is waited for once, however seldom somebody asks.
 */
public final class ExpiryHolds {
  private final String source;
  private final Jdbi jdbi;
  private final Clock clock;

  private record Hold(Instant since, Instant askedAt, long position) {
    static Hold of(ResultSet row) throws SQLException {
      return new Hold(
          row.getTimestamp("since").toInstant(),
          row.getTimestamp("asked_at").toInstant(),
          row.getLong("position"));
    }

    /** As it is, or another one instead, once it is asked for again. */
    Hold asked(Instant now, long positionNow, Duration atMost) {
      boolean forgotten = now.isAfter(askedAt.plus(atMost));
      boolean letGo = now.isAfter(since.plus(atMost).plus(atMost));
      if (positionNow > position && (forgotten || letGo)) {
        return new Hold(now, now, positionNow);
      }
      // A clock that was ahead must not make it longer.
      return new Hold(since.isAfter(now) ? now : since, now, position);
    }
  }

  /** The holds of one source. */
  public ExpiryHolds(String source, Database database, Clock clock) {
    this.source = source;
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Until when a destination is waited for; from now on, unless it is already.
   *
   * @param position the position of its replica, 0 where it has none
   */
  public Instant until(TableIdentifier table, String destination, long position, Duration atMost) {
    Instant now = clock.instant();
    String entry = EntryHash.of(table);
    return jdbi.inTransaction(
        handle -> {
          Hold before =
              locked(handle, entry, destination)
                  .orElseGet(() -> begun(handle, entry, destination, now, position));
          Hold hold = before.asked(now, position, atMost);
          write(handle, entry, destination, hold);
          return hold.since().plus(atMost);
        });
  }

  /** Of those who begin it at once, one does, and the others find that one's. */
  private Hold begun(Handle handle, String entry, String destination, Instant now, long position) {
    handle.execute(
        """
        insert into expiry_hold (source, entry_hash, destination, since, asked_at, position)
        values (?, ?, ?, ?, ?, ?) on conflict do nothing
        """,
        source,
        entry,
        destination,
        now,
        now,
        position);
    return locked(handle, entry, destination).orElseThrow();
  }

  private Optional<Hold> locked(Handle handle, String entry, String destination) {
    return handle
        .select(
            """
            select since, asked_at, position from expiry_hold
            where source = ? and entry_hash = ? and destination = ? for update
            """,
            source,
            entry,
            destination)
        .map((row, context) -> Hold.of(row))
        .findOne();
  }

  private void write(Handle handle, String entry, String destination, Hold hold) {
    handle.execute(
        """
        update expiry_hold set since = ?, asked_at = ?, position = ?
        where source = ? and entry_hash = ? and destination = ?
        """,
        hold.since(),
        hold.askedAt(),
        hold.position(),
        source,
        entry,
        destination);
  }

  /** A destination has what was to be removed. */
  public void over(TableIdentifier table, String destination) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "delete from expiry_hold where source = ? and entry_hash = ? and destination = ?",
                source,
                EntryHash.of(table),
                destination));
  }
}
