package io.twinberg.replica;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * How groups stand at destinations. A group's row is what its transactions lock first, before the
 * leases and then the rows of replicas, each in the order of their ids; so no two of them wait for
 * each other.
 */
final class DestinationGroups {
  /** More often than that nobody publishes a group between two statements of ours. */
  private static final int ENTRIES = 10;

  /**
   * The replicas {@code r} that a group's version still waits for: they follow their tables, show a
   * version and all its history, and are not there yet. {@code late} says that one has made others
   * wait in vain before, and has not caught up with that since.
   */
  private static final String LACKING =
      """
      from version_group_member m join replica r on r.table_id = m.table_id and r.destination = %s
      where m.group_id = %s and r.lifecycle = 'ACTIVE' and not r.paused and r.metadata_location is not null
        and r.history_through is null and r.position < m.position
        and not
      """
          + StagedPublications.WAITS.formatted("and s.group_id = m.group_id");

  /** Since when its first member waits, and whether it has been split. */
  record Standing(Instant since, boolean split) {}

  /** A replica whose version the others of its group wait for. */
  record Lacking(String replicaId, long position, boolean late) {}

  private DestinationGroups() {}

  /** Locks a group's row, which is made where it is missing. */
  static void enter(Handle handle, GroupAtDestination group, Instant now) {
    for (int i = 0; i < ENTRIES; i++) {
      handle.execute(
          "insert into destination_group (group_id, destination, since) values (?, ?, ?) on conflict do nothing",
          group.groupId(),
          group.destination(),
          now);
      // Its last members may have been published, and the row removed, between the two.
      if (lock(handle, group).isPresent()) {
        return;
      }
    }
    throw new IllegalStateException("cannot enter " + group);
  }

  static Optional<Standing> lock(Handle handle, GroupAtDestination group) {
    return handle
        .createQuery(
            """
            select since, split_at from destination_group
            where group_id = :group and destination = :destination for update
            """)
        .bind("group", group.groupId())
        .bind("destination", group.destination())
        .map(
            (row, context) ->
                new Standing(
                    row.getTimestamp("since").toInstant(), row.getTimestamp("split_at") != null))
        .findOne();
  }

  static List<Lacking> lacking(Handle handle, GroupAtDestination group) {
    return handle
        .createQuery(
            "select r.id, m.position, coalesce(r.position < r.late_until, false) as late "
                + LACKING.formatted(":destination", ":group")
                + " order by r.id")
        .bind("group", group.groupId())
        .bind("destination", group.destination())
        .map(
            (row, context) ->
                new Lacking(row.getString("id"), row.getLong("position"), row.getBoolean("late")))
        .list();
  }

  /**
   * The groups in which something waits for nobody any more, or has waited since {@code
   * waitedSince} or longer.
   */
  static List<GroupAtDestination> due(Handle handle, Instant waitedSince) {
    String awaited =
        "exists (select 1 "
            + LACKING.formatted("w.destination", "w.group_id")
            + " and (r.late_until is null or r.position >= r.late_until))";
    return handle
        .createQuery(
            """
            select distinct w.group_id, w.destination from staged_publication w
            join destination_group g on g.group_id = w.group_id and g.destination = w.destination
            where exists (select 1 from replica r where r.id = w.replica_id and not r.paused
                          and r.lifecycle in ('ACTIVE', 'SOURCE_DROPPED') and
            """
                + StagedPublications.WAITS.formatted("")
                + ") and (g.split_at is not null or g.since <= :waited or not "
                + awaited
                + ") order by w.group_id, w.destination")
        .bind("waited", waitedSince)
        .map(
            (row, context) ->
                new GroupAtDestination(row.getLong("group_id"), row.getString("destination")))
        .list();
  }

  /** Records that the group was split, and who made it so. */
  static void split(
      Handle handle,
      GroupAtDestination group,
      List<Replica> shown,
      List<Lacking> lacking,
      Instant now) {
    handle.execute(
        """
        update destination_group set split_at = coalesce(split_at, ?) where group_id = ? and destination = ?
        """,
        now,
        group.groupId(),
        group.destination());
    shown.forEach(
        replica ->
            handle.execute(
                "update replica set group_split_at = ? where id = ?", now, replica.id()));
    lacking.forEach(
        one ->
            handle.execute(
                """
                update replica set group_split_at = ?, late_until = greatest(coalesce(late_until, 0), ?) where id = ?
                """,
                now,
                one.position(),
                one.replicaId()));
  }

  /** Forgets a group of which nothing waits any more, unless it was split. */
  static void removeDone(Handle handle, GroupAtDestination group) {
    handle.execute(
        """
        delete from destination_group where group_id = ? and destination = ? and split_at is null
          and not exists (select 1 from staged_publication s where s.group_id = ? and s.destination = ?)
        """,
        group.groupId(),
        group.destination(),
        group.groupId(),
        group.destination());
  }
}
