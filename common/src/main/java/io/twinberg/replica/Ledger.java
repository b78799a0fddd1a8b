package io.twinberg.replica;

import io.twinberg.database.Database;
import io.twinberg.database.PathHash;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What each replica already has, by source path. A row is the proof; the existence of an object is
 * none.
 */
public final class Ledger {
  private static final int QUERY_BATCH = 500;
  private static final String DELETE =
      "delete from ledger where replica_id = :replica and path_hash = :hash";

  private static final String INSERT =
      """
      insert into ledger (replica_id, path_hash, kind, source_path, target_path, length, state, token,
          lower_path, upper_path)
      values (:replica, :hash, :kind, :source, :target, :length, :state, :token, :lower, :upper)
      """;

  private final Jdbi jdbi;

  /** The ledgers of one database. */
  public Ledger(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Those of the source paths that the replica has, staged or live. */
  public Map<String, LedgerEntry> find(String replicaId, Collection<String> sourcePaths) {
    Map<String, LedgerEntry> found = new HashMap<>();
    List<String> hashes = sourcePaths.stream().map(PathHash::of).toList();
    for (int from = 0; from < hashes.size(); from += QUERY_BATCH) {
      List<String> batch = hashes.subList(from, Math.min(hashes.size(), from + QUERY_BATCH));
      query(replicaId, batch).forEach(entry -> found.put(entry.sourcePath(), entry));
    }
    return found;
  }

  /**
   * A join that begins with the hashes: H2 looks up no list at the end of an index, and an inner
   * join that it planned for an empty ledger would read all of a large one.
   */
  private List<LedgerEntry> query(String replicaId, List<String> hashes) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select l.kind, l.source_path, l.target_path, l.length, l.lower_path, l.upper_path
                    from unnest(:hashes) as wanted(path_hash)
                    left join ledger l on l.path_hash = wanted.path_hash and l.replica_id = :replica
                    """)
                .bind("replica", replicaId)
                .bindArray("hashes", String.class, hashes)
                .map(
                    (row, context) ->
                        row.getString("kind") == null
                            ? Optional.<LedgerEntry>empty()
                            : Optional.of(entry(row)))
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  /** What attempts have staged and nothing published names yet, by source path. */
  public Map<String, LedgerEntry> staged(String replicaId) {
    Map<String, LedgerEntry> staged = new HashMap<>();
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select kind, source_path, target_path, length, lower_path, upper_path from ledger
                    where replica_id = :replica and state = 'STAGED'
                    """)
                .bind("replica", replicaId)
                .map((row, context) -> entry(row))
                .forEach(entry -> staged.put(entry.sourcePath(), entry)));
    return staged;
  }

  private static LedgerEntry entry(ResultSet row) throws SQLException {
    String lower = row.getString("lower_path");
    return new LedgerEntry(
        LedgerEntry.Kind.valueOf(row.getString("kind")),
        row.getString("source_path"),
        row.getString("target_path"),
        row.getLong("length"),
        lower == null
            ? Optional.empty()
            : Optional.of(new PathRange(lower, row.getString("upper_path"))));
  }

  /** Records one file like {@link #stage(String, Lease, List)}. */
  public void stage(String replicaId, Lease lease, LedgerEntry entry) {
    stage(replicaId, lease, List.of(entry));
  }

  /**
   * Records files that are at the destination, with everything live under them, before anything
   * published names them; a crashed backfill goes on from here.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing is recorded
   */
  public void stage(String replicaId, Lease lease, List<LedgerEntry> entries) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          write(handle, replicaId, lease, entries, LedgerState.STAGED);
        });
  }

  /** Calls the visitor with each row of a replica, of whatever state. */
  public void each(String replicaId, Consumer<LedgerEntry> visitor) {
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select kind, source_path, target_path, length, lower_path, upper_path from ledger
                    where replica_id = :replica
                    """)
                .bind("replica", replicaId)
                .setFetchSize(QUERY_BATCH)
                .map((row, context) -> entry(row))
                .forEach(visitor));
  }

  /**
   * Vouches for files no longer, before anything under them is condemned.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void remove(String replicaId, Lease lease, Collection<String> sourcePaths) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          PreparedBatch delete = handle.prepareBatch(DELETE);
          for (String path : sourcePaths) {
            delete.bind("replica", replicaId).bind("hash", PathHash.of(path)).add();
          }
          delete.execute();
        });
  }

  /**
   * Vouches for nothing of a replica any longer.
   *
   * @throws LeaseLostException when another attempt has taken over; nothing has changed
   */
  public void removeAll(String replicaId, Lease lease) {
    jdbi.useTransaction(
        handle -> {
          Leases.fence(handle, lease);
          handle.execute("delete from ledger where replica_id = ?", replicaId);
        });
  }

  /**
   * Records files like {@link #stage} in a transaction of the caller, who has checked the lease in
   * it. Rows that are there stay: what published metadata names must not look staged.
   */
  static void stageMissing(
      Handle handle, String replicaId, Lease lease, List<LedgerEntry> entries) {
    PreparedBatch insert = handle.prepareBatch(INSERT + " on conflict do nothing");
    entries.forEach(
        entry ->
            bind(insert, replicaId, lease, entry)
                .bind("hash", PathHash.of(entry.sourcePath()))
                .bind("state", LedgerState.STAGED)
                .add());
    if (!entries.isEmpty()) {
      insert.execute();
    }
  }

  private static PreparedBatch bind(
      PreparedBatch insert, String replicaId, Lease lease, LedgerEntry entry) {
    return insert
        .bind("replica", replicaId)
        .bind("kind", entry.kind())
        .bind("source", entry.sourcePath())
        .bind("target", entry.targetPath())
        .bind("length", entry.length())
        .bind("token", lease.token())
        .bind("lower", entry.paths().map(PathRange::lower).orElse(null))
        .bind("upper", entry.paths().map(PathRange::upper).orElse(null));
  }

  /**
   * Replaces the rows of the entries' source paths. The caller has checked the lease in this
   * transaction.
   */
  static void write(
      Handle handle, String replicaId, Lease lease, List<LedgerEntry> entries, LedgerState state) {
    if (entries.isEmpty()) {
      return;
    }
    PreparedBatch delete = handle.prepareBatch(DELETE);
    PreparedBatch insert = handle.prepareBatch(INSERT);
    for (LedgerEntry entry : entries) {
      String hash = PathHash.of(entry.sourcePath());
      delete.bind("replica", replicaId).bind("hash", hash).add();
      bind(insert, replicaId, lease, entry).bind("hash", hash).bind("state", state).add();
    }
    delete.execute();
    insert.execute();
  }
}
