package io.twinberg.prune;

import java.util.List;

/**
 * One kind of rows that pile up: how to walk over them in the order of a numeric key, and how to
 * remove one of them. Every statement that removes says once more what makes a row free, so that
 * what has changed since the page was read stays.
 *
 * @param table what is removed, for the log
 * @param page up to {@code :size} rows behind {@code :after}: {@code number}, whether the row is
 *     {@code old} enough, and whether it is {@code free}, which no row is that is not old
 * @param removals the statements that remove the row {@code :number} and what belongs to it
 */
record OldRows(String table, String page, List<String> removals) {
  OldRows {
    removals = List.copyOf(removals);
  }

  private static final String ENDED =
      "state in ('LOGGED', 'REJECTED', 'ABANDONED') and settled_at < :before";

  /** Intents that have come to an end; the others are due, or wait for their outcome. */
  static final OldRows INTENTS =
      new OldRows(
          "intent",
          """
          select id as number, opened_at < :before as old, (%s) as free
          from intent where id > :after order by id limit :size
          """
              .formatted(ENDED),
          List.of(
              "delete from intent where id = :number and " + ENDED,
              """
              delete from intent_table where intent_id = :number
                and not exists (select 1 from intent where id = :number)
              """));

  /**
   * Versions that every replica has left behind. The head stays for the chain to go on from, and
   * what a replica shows for its pointer object, its expiry and its proofs. A replica that follows
   * its table still wants all that comes after its position; one that does not, wants nothing.
   */
  private static final String LEFT_BEHIND =
      """
      v.logged_at < :before
        and v.position < (select t.head_position from source_table t where t.id = v.table_id)
        and not exists (
          select 1 from replica r where r.table_id = v.table_id
            and (r.position = v.position
                 or (r.position < v.position and r.lifecycle in ('ACTIVE', 'SOURCE_DROPPED'))))
      """;

  static final OldRows VERSIONS =
      new OldRows(
          "table_version",
          """
          select v.position as number, v.logged_at < :before as old, (%s) as free
          from table_version v
          where v.source = :source and v.position > :after order by v.source, v.position limit :size
          """
              .formatted(LEFT_BEHIND),
          List.of(
              "delete from table_version v where v.source = :source and v.position = :number and "
                  + LEFT_BEHIND));

  private static final String SUPERSEDED =
      """
      c.published_at < :before
        and not exists (select 1 from replica r where r.id = c.replica_id and r.receipt_id = c.id)
      """;

  /** Receipts that no replica names as its current one. */
  static final OldRows RECEIPTS =
      new OldRows(
          "receipt",
          """
          select c.id as number, c.published_at < :before as old, (%s) as free
          from receipt c where c.id > :after order by c.id limit :size
          """
              .formatted(SUPERSEDED),
          List.of("delete from receipt c where c.id = :number and " + SUPERSEDED));

  private static final String PASSED =
      """
      g.recorded_at < :before
        and not exists (
          select 1 from replica r where r.table_id = g.table_id
            and (r.position = g.after_position
                 or (r.position < g.before_position and r.lifecycle in ('ACTIVE', 'SOURCE_DROPPED'))))
      """;

  /** Gaps that every replica has passed, and that none has stopped at. */
  static final OldRows GAPS =
      new OldRows(
          "gap",
          """
          select g.id as number, g.recorded_at < :before as old, (%s) as free
          from gap g where g.id > :after order by g.id limit :size
          """
              .formatted(PASSED),
          List.of("delete from gap g where g.id = :number and " + PASSED));

  private static final String EMPTY =
      """
      g.logged_at < :before
        and not exists (select 1 from table_version v where v.group_id = g.id)
        and not exists (select 1 from staged_publication s where s.group_id = g.id)
      """;

  private static final String OF_EMPTY =
      " where group_id = :number and exists (select 1 from version_group g where g.id = :number and "
          + EMPTY
          + ")";

  /** Groups none of whose versions is left, with what each destination remembers of them. */
  static final OldRows GROUPS =
      new OldRows(
          "version_group",
          """
          select g.id as number, g.logged_at < :before as old, (%s) as free
          from version_group g where g.id > :after order by g.id limit :size
          """
              .formatted(EMPTY),
          List.of(
              "delete from version_group_member" + OF_EMPTY,
              "delete from destination_group" + OF_EMPTY,
              "delete from version_group g where g.id = :number and " + EMPTY));
}
