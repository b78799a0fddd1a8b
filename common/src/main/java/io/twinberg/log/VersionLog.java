package io.twinberg.log;

import io.twinberg.database.Database;
import io.twinberg.database.Gzip;
import io.twinberg.database.PathHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Update;

/**
 * The versions of all tables, in chain order within a table and in position order within a source.
 */
public final class VersionLog {
  /**
   * Metadata larger than this (compressed, in bytes) is not kept; the replicator reads it from the
   * store.
   */
  static final int KEPT_METADATA_BYTES = 8 << 20;

  /** All but the metadata, which is large and seldom wanted. */
  private static final String COLUMNS =
      """
      source, position, table_id, predecessor, metadata_location, origin, group_id,
      last_sequence_number, last_updated_at, snapshot_id, logged_at
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The versions of one database. */
  public VersionLog(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Appends versions to one table and returns the position of the last.
   *
   * @throws HeadMovedException when the log's head is not the expected one; nothing was appended
   */
  public long append(Append append) {
    return jdbi.inTransaction(handle -> append(handle, append, OptionalLong.empty()));
  }

  /**
   * Appends the versions that one multi-table transaction made, as one group; all of them or none.
   *
   * @param members each ends with the version that the transaction made; those before it are not of
   *     the group
   */
  public long appendGroup(List<Append> members, OptionalLong intentId) {
    return jdbi.inTransaction(
        handle -> {
          long group = insertGroup(handle, members, intentId);
          long last = 0;
          for (Append member : members) {
            last = append(handle, member, OptionalLong.of(group));
            handle.execute(
                "insert into version_group_member (group_id, table_id, position) values (?, ?, ?)",
                group,
                member.table().id(),
                last);
          }
          return last;
        });
  }

  private long insertGroup(Handle handle, List<Append> members, OptionalLong intentId) {
    Update insert =
        handle
            .createUpdate(
                """
                insert into version_group (source, intent_id, members, logged_at)
                values (:source, :intent, :members, :now)
                """)
            .bind("source", members.get(0).table().source())
            .bind("members", members.size())
            .bind("now", clock.instant());
    bind(insert, "intent", intentId);
    return insert.executeAndReturnGeneratedKeys("id").mapTo(Long.class).one();
  }

  private long append(Handle handle, Append append, OptionalLong group) {
    SourceTable table = append.table();
    long position = Sources.takePositions(handle, table.source(), append.versions().size());
    OptionalLong head = head(handle, table.id());
    if (!head.equals(append.expectedHead())) {
      throw new HeadMovedException(table);
    }
    long end = position + append.versions().size() - 1;
    for (NewVersion version : append.versions()) {
      OptionalLong groupOfLast = position == end ? group : OptionalLong.empty();
      insert(handle, table, position, head, groupOfLast, version);
      head = OptionalLong.of(position++);
    }
    long last = head.orElseThrow();
    handle.execute("update source_table set head_position = ? where id = ?", last, table.id());
    append.gap().ifPresent(reason -> recordGap(handle, append, last, reason));
    append.versions().forEach(version -> close(handle, version.intentId()));
    countBypasses(handle, append);
    return last;
  }

  /** The source is locked already, so that counting lets nobody wait. */
  private static void countBypasses(Handle handle, Append append) {
    long bypasses =
        append.versions().stream()
            .filter(version -> version.origin() == VersionOrigin.BYPASS)
            .count();
    if (bypasses > 0) {
      Sources.bypassed(handle, append.table().source(), bypasses);
    }
  }

  /** In the same transaction, which saves one; what is unknown yet is closed by who explains it. */
  private void close(Handle handle, OptionalLong intentId) {
    if (intentId.isPresent()) {
      IntentLog.closeCommitted(handle, intentId.getAsLong(), clock.instant());
    }
  }

  private static OptionalLong head(Handle handle, long tableId) {
    return optional(
        handle
            .createQuery("select head_position from source_table where id = :id")
            .bind("id", tableId)
            .mapTo(Long.class)
            .findOne());
  }

  private void insert(
      Handle handle,
      SourceTable table,
      long position,
      OptionalLong predecessor,
      OptionalLong group,
      NewVersion version) {
    Update insert =
        handle
            .createUpdate(
                """
                insert into table_version (source, position, table_id, predecessor, metadata_location, location_hash,
                    origin, intent_id, group_id, last_sequence_number, last_updated_at, snapshot_id, logged_at, metadata)
                values (:source, :position, :table, :predecessor, :location, :hash,
                    :origin, :intent, :group, :sequence, :updated, :snapshot, :now, :metadata)
                """)
            .bind("source", table.source())
            .bind("position", position)
            .bind("table", table.id())
            .bind("location", version.metadataLocation())
            .bind("hash", PathHash.of(version.metadataLocation()))
            .bind("origin", version.origin())
            .bind("sequence", version.lastSequenceNumber())
            .bind("updated", version.lastUpdatedAt())
            .bind("now", clock.instant())
            .bind("metadata", kept(version.metadata()));
    bind(insert, "predecessor", predecessor);
    bind(insert, "group", group);
    bind(insert, "intent", version.intentId());
    bind(insert, "snapshot", version.snapshotId());
    insert.execute();
  }

  private static byte[] kept(Optional<KeptJson> metadata) {
    return metadata
        .map(KeptJson::compressed)
        .filter(bytes -> bytes.length <= KEPT_METADATA_BYTES)
        .orElse(null);
  }

  private void recordGap(Handle handle, Append append, long last, String reason) {
    Update insert =
        handle
            .createUpdate(
                """
                insert into gap (table_id, after_position, before_position, reason, recorded_at)
                values (:table, :after, :before, :reason, :now)
                """)
            .bind("table", append.table().id())
            .bind("before", last - append.versions().size() + 1)
            .bind("reason", reason)
            .bind("now", clock.instant());
    bind(insert, "after", append.expectedHead());
    insert.execute();
  }

  private static void bind(Update update, String name, OptionalLong value) {
    update.bind(name, value.isPresent() ? (Long) value.getAsLong() : null);
  }

  /** The version at a position. */
  public Optional<TableVersion> find(String source, long position) {
    return jdbi.withHandle(handle -> find(handle, source, position));
  }

  /** The version at a position, as a transaction sees it. */
  public static Optional<TableVersion> find(Handle handle, String source, long position) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + " from table_version where source = :source and position = :position")
        .bind("source", source)
        .bind("position", position)
        .map((row, context) -> version(row))
        .findOne();
  }

  /** A table's versions after a position, oldest first. */
  public List<TableVersion> after(long tableId, long position, int limit) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select "
                        + COLUMNS
                        + """
                        from table_version where table_id = :table and position > :position
                        order by position limit :limit
                        """)
                .bind("table", tableId)
                .bind("position", position)
                .bind("limit", limit)
                .map((row, context) -> version(row))
                .list());
  }

  /** How many versions of a table come after a position. */
  public long countAfter(long tableId, long position) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select count(*) from table_version where table_id = :table and position > :position")
                .bind("table", tableId)
                .bind("position", position)
                .mapTo(Long.class)
                .one());
  }

  /** Which of some snapshots were the current one in a version of a table's chain. */
  public Set<Long> shown(long tableId, Set<Long> snapshotIds) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select distinct snapshot_id from table_version where table_id = :table and snapshot_id in (<ids>)")
                .bind("table", tableId)
                .bindList("ids", List.copyOf(snapshotIds))
                .mapTo(Long.class)
                .set());
  }

  /** Whether a table's chain has a metadata file. */
  public boolean contains(long tableId, String metadataLocation) {
    return positionOf(tableId, metadataLocation).isPresent();
  }

  /** Where a metadata file stands in a table's chain; empty when it does not. */
  public OptionalLong positionOf(long tableId, String metadataLocation) {
    return optional(
        jdbi.withHandle(
            handle ->
                handle
                    .createQuery(
                        "select position from table_version where table_id = :table and location_hash = :hash")
                    .bind("table", tableId)
                    .bind("hash", PathHash.of(metadataLocation))
                    .mapTo(Long.class)
                    .findOne()));
  }

  /** The raw JSON of a version's metadata, where the log keeps it. */
  public Optional<byte[]> metadata(TableVersion version) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select metadata from table_version
                    where source = :source and position = :position and metadata is not null
                    """)
                .bind("source", version.source())
                .bind("position", version.position())
                .mapTo(byte[].class)
                .findOne()
                .map(Gzip::decompress));
  }

  /**
   * Where a new replica begins: the oldest version whose metadata the log keeps, since older ones
   * were applied by every replica before it; the newest one when the log keeps none.
   */
  public long beginning(long tableId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select coalesce(min(case when metadata is not null then position end), max(position), 0)
                    from table_version where table_id = :table
                    """)
                .bind("table", tableId)
                .mapTo(Long.class)
                .one());
  }

  /** Records that versions between two positions cannot be replayed; once for each reason. */
  public void gap(long tableId, long after, long before, String reason) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    insert into gap (table_id, after_position, before_position, reason, recorded_at)
                    select :table, :after, :before, :reason, :now from source_table t
                    where t.id = :table and not exists (
                      select 1 from gap where table_id = :table and after_position = :after
                        and before_position = :before and reason = :reason)
                    """)
                .bind("table", tableId)
                .bind("after", after)
                .bind("before", before)
                .bind("reason", reason)
                .bind("now", clock.instant())
                .execute());
  }

  /**
   * Forgets the metadata of versions that every active replica of the table has applied; the head
   * keeps its own, since the next version may be merged with it. Without active replicas only the
   * head keeps it, so that tables that nobody replicates do not fill the log.
   *
   * @param from the first position that is looked at, so that a long chain is not walked after each
   *     commit; 0 looks at all of it
   */
  public int trim(long tableId, long from) {
    return jdbi.withHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update table_version set metadata = null
                    where table_id = :table and position >= :from and metadata is not null
                      and position < (select coalesce(min(r.position), t.head_position)
                                      from source_table t
                                      left join replica r on r.table_id = t.id and r.lifecycle = 'ACTIVE'
                                      where t.id = :table group by t.head_position)
                    """)
                .bind("table", tableId)
                .bind("from", from)
                .execute());
  }

  private static OptionalLong optional(Optional<Long> value) {
    return value.map(OptionalLong::of).orElseGet(OptionalLong::empty);
  }

  private static OptionalLong optional(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static TableVersion version(ResultSet row) throws SQLException {
    return new TableVersion(
        row.getString("source"),
        row.getLong("position"),
        row.getLong("table_id"),
        optional(row, "predecessor"),
        row.getString("metadata_location"),
        VersionOrigin.valueOf(row.getString("origin")),
        optional(row, "group_id"),
        row.getLong("last_sequence_number"),
        row.getTimestamp("last_updated_at").toInstant(),
        optional(row, "snapshot_id"),
        row.getTimestamp("logged_at").toInstant());
  }
}
