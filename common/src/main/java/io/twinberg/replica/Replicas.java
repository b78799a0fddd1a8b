package io.twinberg.replica;

import io.twinberg.config.DataSize;
import io.twinberg.database.Database;
import io.twinberg.database.EntryHash;
import io.twinberg.database.NamespaceColumn;
import io.twinberg.log.EntryKind;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** The replicas of one database; their pointers are moved by {@link Publisher} alone. */
public final class Replicas {
  private static final ReplicaMapper MAPPER = new ReplicaMapper();

  /**
   * Chosen by their keys first: what is due is found by indexes, and of all replicas only the
   * columns are read that tell whether versions wait.
   */
  private static final String WAITING =
      """
      select r.* from replica r join %1$s t on t.id = r.table_id
      where r.id in (
          select b.id from replica b join %1$s h on h.id = b.table_id
          where b.pointer_generation < b.generation
             or b.lifecycle in ('ACTIVE', 'SOURCE_DROPPED') and (h.head_position > b.position or b.history_through is not null)
          union select e.replica_id from replica_expiry e join replica k on k.id = e.replica_id
                where e.due_at <= :now and k.lifecycle = 'ACTIVE' and k.kind = 'TABLE'
          union select c.replica_id from replica_cleanup c where c.due_at <= :now
          union select q.replica_id from replica_resync q where q.result is null)
        and not r.paused and r.next_attempt_at <= :now
        and (r.given_up_head is null or t.head_position > r.given_up_head)
        and (:limited or r.bandwidth_limit is null)
        and (r.pointer_generation < r.generation or not
      """
          + StagedPublications.WAITS.formatted("")
          + """
        )
        and not exists (select 1 from lease l where l.resource = 'replica/' || r.id
                        and l.owner <> :owner and l.expires_at > current_timestamp)
      order by greatest(r.next_attempt_at, coalesce(
                 (select v.logged_at from table_version v
                  where v.table_id = r.table_id and v.position > r.position
                  order by v.position limit 1), r.next_attempt_at))
               - r.priority * interval '1' minute, r.next_attempt_at
      limit :limit
      """;

  private final Jdbi jdbi;
  private final Clock clock;

  /** The replicas of one database. */
  public Replicas(Database database, Clock clock) {
    this.jdbi = database.jdbi();
    this.clock = clock;
  }

  /**
   * Creates a replica with its mapping; without effect where the table has one at the destination
   * already.
   *
   * @throws TargetTakenException when the target belongs to the replica of another table
   */
  public Replica create(NewReplica replica) {
    return jdbi.inTransaction(
        handle -> {
          Pauses.lock(handle, replica.source());
          int created = insert(handle, replica);
          if (created == 0) {
            return existing(handle, replica);
          }
          insertMapping(handle, replica.id(), replica.mapping());
          Pauses.applyTo(handle, replica.id());
          settle(handle, replica.id(), replica.settings());
          return find(handle, replica.id()).orElseThrow();
        });
  }

  private static Replica existing(Handle handle, NewReplica wanted) {
    return of(handle, wanted.tableId(), wanted.destination())
        .orElseThrow(() -> taken(handle, wanted.destination(), wanted.name()));
  }

  private static TargetTakenException taken(
      Handle handle, String destination, TableIdentifier name) {
    Replica owner = byName(handle, destination, name).orElseThrow();
    return new TargetTakenException(destination, name, owner);
  }

  private int insert(Handle handle, NewReplica replica) {
    return handle
        .createUpdate(
            """
            insert into replica (id, kind, table_id, source, destination, namespace, name, folder, lifecycle, paused,
                position, generation, pointer_generation, history_through, attempts, next_attempt_at, needs_person,
                created_at)
            values (:id, :kind, :table, :source, :destination, :namespace, :name, :folder, 'ACTIVE', false,
                0, 0, 0, :history, 0, :now, false, :now)
            on conflict do nothing
            """)
        .bind("id", replica.id())
        .bind("kind", replica.kind())
        .bind("table", replica.tableId())
        .bind("source", replica.source())
        .bind("destination", replica.destination())
        .bind("namespace", NamespaceColumn.of(replica.name().namespace()))
        .bind("name", replica.name().name())
        .bind("folder", replica.folder())
        .bind("history", replica.headsFirst() ? (Long) Replica.ALL_HISTORY : null)
        .bind("now", clock.instant())
        .execute();
  }

  static void insertMapping(Handle handle, String id, List<PrefixMapping> mapping) {
    for (int i = 0; i < mapping.size(); i++) {
      handle.execute(
          "insert into replica_mapping (replica_id, ordinal, source_prefix, target_prefix) values"
              + " (?, ?, ?, ?)",
          id,
          i,
          mapping.get(i).sourcePrefix(),
          mapping.get(i).targetPrefix());
    }
  }

  /** The replica's mapping in the order in which its entries were added. */
  public List<PrefixMapping> mapping(String id) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select * from replica_mapping where replica_id = :id order by ordinal")
                .bind("id", id)
                .map(
                    (row, context) ->
                        new PrefixMapping(
                            row.getString("source_prefix"), row.getString("target_prefix")))
                .list());
  }

  /** One replica by its id. */
  public Optional<Replica> find(String id) {
    return jdbi.withHandle(handle -> find(handle, id));
  }

  static Optional<Replica> find(Handle handle, String id) {
    return handle
        .createQuery("select * from replica where id = :id")
        .bind("id", id)
        .map(MAPPER)
        .findOne();
  }

  /** One replica, whose row stays as it is until the transaction ends. */
  static Replica lock(Handle handle, String id) {
    return lockIfThere(handle, id).orElseThrow();
  }

  /** One replica like {@link #lock}, unless it was dropped. */
  static Optional<Replica> lockIfThere(Handle handle, String id) {
    return handle
        .createQuery("select * from replica where id = :id for update")
        .bind("id", id)
        .map(MAPPER)
        .findOne();
  }

  /** The replica that has a name at a destination. */
  public Optional<Replica> byName(String destination, TableIdentifier name) {
    return jdbi.withHandle(handle -> byName(handle, destination, name));
  }

  private static Optional<Replica> byName(Handle handle, String destination, TableIdentifier name) {
    return handle
        .createQuery(
            """
            select * from replica
            where destination = :destination and entry_hash = :hash and namespace = :namespace and name = :name
            """)
        .bind("destination", destination)
        .bind("hash", EntryHash.of(name))
        .bind("namespace", NamespaceColumn.of(name.namespace()))
        .bind("name", name.name())
        .map(MAPPER)
        .findOne();
  }

  private static Optional<Replica> of(Handle handle, long tableId, String destination) {
    return handle
        .createQuery("select * from replica where table_id = :table and destination = :destination")
        .bind("table", tableId)
        .bind("destination", destination)
        .map(MAPPER)
        .findOne();
  }

  /** All replicas of one source table. */
  public List<Replica> ofTable(long tableId) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery("select * from replica where table_id = :table order by destination")
                .bind("table", tableId)
                .map(MAPPER)
                .list());
  }

  /** The published replicas of tables at a destination, in a namespace. */
  public List<Replica> published(String destination, Namespace namespace) {
    return published(EntryKind.TABLE, destination, namespace);
  }

  /** The replicas of a kind at a destination that were published at least once, in a namespace. */
  public List<Replica> published(EntryKind kind, String destination, Namespace namespace) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select * from replica
                    where destination = :destination and namespace = :namespace and metadata_location is not null
                      and kind = :kind
                    order by name
                    """)
                .bind("kind", kind)
                .bind("destination", destination)
                .bind("namespace", NamespaceColumn.of(namespace))
                .map(MAPPER)
                .list());
  }

  /** The namespaces at a destination that hold a published replica. */
  public List<Namespace> namespaces(String destination) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select distinct namespace from replica
                    where destination = :destination and metadata_location is not null order by namespace
                    """)
                .bind("destination", destination)
                .mapTo(String.class)
                .map(NamespaceColumn::parse)
                .list());
  }

  /**
   * Replicas that have versions, a pointer object, the expiry of snapshots, files to delete or a
   * resync waiting and may be worked on now. Those of a higher priority come first, but each step
   * of it counts no more than a minute of waiting, so that nobody waits for ever. Those whose next
   * version is complete and waits for its group are {@link GroupPublisher}'s.
   *
   * @param owner who would work on them: a lease that it holds already is in nobody's way
   */
  public List<Replica> waiting(String owner, int limit) {
    return waiting(owner, limit, true);
  }

  /**
   * Those of {@link #waiting(String, int)}, with or without the ones whose rule limits how fast
   * they are written.
   */
  public List<Replica> waiting(String owner, int limit, boolean limitedToo) {
    return jdbi.withHandle(
        handle ->
            waiting(
                handle.createQuery(WAITING.formatted("source_table")), owner, limit, limitedToo));
  }

  /**
   * Those of {@link #waiting(String, int, boolean)} whose tables of a source got versions behind a
   * position; the number of all replicas does not matter to what this costs.
   */
  public List<Replica> waitingBehind(
      String source, long position, String owner, int limit, boolean limitedToo) {
    String tables =
        "(select * from source_table where source = :source and head_position > :position)";
    return jdbi.withHandle(
        handle ->
            waiting(
                handle
                    .createQuery(WAITING.formatted(tables))
                    .bind("source", source)
                    .bind("position", position),
                owner,
                limit,
                limitedToo));
  }

  /** How many there are, in whatever state. */
  public long count() {
    return jdbi.withHandle(
        handle -> handle.select("select count(*) from replica").mapTo(Long.class).one());
  }

  private List<Replica> waiting(Query query, String owner, int limit, boolean limitedToo) {
    return query
        .bind("limited", limitedToo)
        .bind("owner", owner)
        .bind("now", clock.instant())
        .bind("limit", limit)
        .map(MAPPER)
        .list();
  }

  /**
   * Those of some replicas that may be worked on, and how many bytes a second may be written for
   * each; the others are paused or dropped.
   */
  public Map<String, Optional<DataSize>> going(Collection<String> ids) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select id, bandwidth_limit from replica where id in (<ids>) and not paused")
                .bindList("ids", List.copyOf(ids))
                .reduceResultSet(
                    new HashMap<>(),
                    (going, row, context) -> {
                      going.put(row.getString("id"), ReplicaMapper.limit(row));
                      return going;
                    }));
  }

  /**
   * Records that the destination's pointer object shows a replica as it was when it was read. One
   * that was renamed meanwhile still waits for its pointer object, which bears the name.
   */
  public void pointerWritten(Replica shown) {
    jdbi.useHandle(
        handle ->
            handle
                .createUpdate(
                    """
                    update replica set pointer_generation = :generation
                    where id = :id and pointer_generation < :generation
                      and namespace = :namespace and name = :name and lifecycle = :lifecycle
                    """)
                .bind("generation", shown.generation())
                .bind("id", shown.id())
                .bind("namespace", NamespaceColumn.of(shown.name().namespace()))
                .bind("name", shown.name().name())
                .bind("lifecycle", shown.lifecycle())
                .execute());
  }

  /**
   * Follows the source table's name at one destination, where the replica goes on, whatever became
   * of it before; the pointer object is written anew, since it bears the name.
   *
   * @throws TargetTakenException when the target belongs to another replica
   */
  public void renamed(String id, TableIdentifier name) {
    jdbi.useTransaction(
        handle -> {
          String destination = find(handle, id).orElseThrow().destination();
          refuseTaken(handle, id, destination, name);
          handle.execute(
              """
              update replica set namespace = ?, name = ?, lifecycle = 'ACTIVE', pointer_generation = 0,
                  vain_attempts = 0, given_up_head = null
              where id = ?
              """,
              NamespaceColumn.of(name.namespace()),
              name.name(),
              id);
        });
  }

  /** Refuses a target that belongs to a replica other than {@code id}. */
  static void refuseTaken(Handle handle, String id, String destination, TableIdentifier name) {
    byName(handle, destination, name)
        .filter(owner -> !owner.id().equals(id))
        .ifPresent(
            owner -> {
              throw new TargetTakenException(destination, name, owner);
            });
  }

  /**
   * Keeps with a replica what its rule says of it now. One whose snapshots are kept in another way
   * than before is looked at anew, and what of it waits for its group is decided anew; one that was
   * given up is tried again.
   */
  public void settle(Replica replica, ReplicaSettings settings) {
    jdbi.useTransaction(
        handle -> {
          settle(handle, replica.id(), settings);
          if (!settings.keepsLike(replica.settings())) {
            StagedPublications.remove(handle, replica.id());
          }
          if (!settings.retention().equals(replica.settings().retention())) {
            Expiries.remind(handle, replica.id(), clock.instant());
          }
        });
  }

  private static void settle(Handle handle, String id, ReplicaSettings settings) {
    handle
        .createUpdate(
            """
            update replica set priority = :priority, retention = :retention, refs = :refs,
                bandwidth_limit = :bandwidth, vain_attempts = 0, given_up_head = null
            where id = :id
            """)
        .bind("priority", settings.priority())
        .bind("retention", RetentionColumn.of(settings.retention()))
        .bind("refs", RefSelectionColumn.of(settings.refs()))
        .bind("bandwidth", settings.bandwidthLimit().map(DataSize::bytes).orElse(null))
        .bind("id", id)
        .execute();
  }

  /** The source dropped the table: its replicas stay where they are. */
  public void sourceDropped(long tableId) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update replica set lifecycle = 'SOURCE_DROPPED', pointer_generation = 0,
                    vain_attempts = 0, given_up_head = null
                where table_id = ? and lifecycle in ('ACTIVE', 'UNMATCHED')
                """,
                tableId));
  }

  /** No rule covers the table's name any more: the replica stays as it is. */
  public void unmatched(String id) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                """
                update replica set lifecycle = 'UNMATCHED', pointer_generation = 0,
                    vain_attempts = 0, given_up_head = null
                where id = ? and lifecycle = 'ACTIVE'
                """,
                id));
  }

  /**
   * Another table, or another history, took the table's name: its replicas move to names of their
   * own and are never overwritten. Their pointer objects are written anew, since they bear the
   * name.
   */
  public void archive(long tableId) {
    jdbi.useHandle(handle -> archive(handle, "table_id", tableId));
  }

  /** Lets one replica step aside like {@link #archive(long)}. */
  public void archive(String id) {
    jdbi.useHandle(handle -> archive(handle, "id", id));
  }

  private static void archive(Handle handle, String column, Object value) {
    handle.execute(
        """
        update replica set lifecycle = 'ARCHIVED', name = left(name, 950) || '__archived_' || id,
            pointer_generation = 0, vain_attempts = 0, given_up_head = null
        where %s = ? and lifecycle <> 'ARCHIVED'
        """
            .formatted(column),
        value);
  }
}
