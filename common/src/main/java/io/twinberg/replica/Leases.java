package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Leases with fencing tokens, by the database's clock, so that all processes agree on the time. */
public final class Leases {
  private record Row(Optional<String> owner, long token, Instant expiresAt) {}

  private final Jdbi jdbi;

  /** The leases of one database. */
  public Leases(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Claims a resource that nobody holds, or whose holder let it expire. */
  public Optional<Lease> claim(String resource, String owner, Duration duration) {
    return jdbi.inTransaction(
        handle -> {
          handle.execute(
              "insert into lease (resource, token, expires_at) values (?, 0, current_timestamp) on conflict do nothing",
              resource);
          Instant now = now(handle);
          Row row = lock(handle, resource);
          if (row.owner().isPresent() && row.expiresAt().isAfter(now)) {
            return Optional.empty();
          }
          Lease lease = new Lease(resource, owner, row.token() + 1);
          handle.execute(
              "update lease set owner = ?, token = ?, expires_at = ? where resource = ?",
              owner,
              lease.token(),
              now.plus(duration),
              resource);
          return Optional.of(lease);
        });
  }

  /** Prolongs a lease; false when it is lost. */
  public boolean renew(Lease lease, Duration duration) {
    return jdbi.inTransaction(
        handle ->
            handle.execute(
                    "update lease set expires_at = ? where resource = ? and token = ? and owner = ?",
                    now(handle).plus(duration),
                    lease.resource(),
                    lease.token(),
                    lease.owner())
                == 1);
  }

  /** Gives a lease back; a lost one stays with its new owner. */
  public void release(Lease lease) {
    jdbi.useHandle(
        handle ->
            handle.execute(
                "update lease set owner = null where resource = ? and token = ? and owner = ?",
                lease.resource(),
                lease.token(),
                lease.owner()));
  }

  /** Whether somebody holds the resource now. */
  public boolean held(String resource) {
    return jdbi.inTransaction(
        handle ->
            handle
                    .createQuery(
                        """
                        select count(*) from lease
                        where resource = :resource and owner is not null and expires_at > current_timestamp
                        """)
                    .bind("resource", resource)
                    .mapTo(Long.class)
                    .one()
                > 0);
  }

  /**
   * Makes sure, and keeps sure until the transaction ends, that the lease has not been claimed by
   * somebody else.
   *
   * @throws LeaseLostException when it has
   */
  static void fence(Handle handle, Lease lease) {
    if (lock(handle, lease.resource()).token() != lease.token()) {
      throw new LeaseLostException(lease);
    }
  }

  private static Row lock(Handle handle, String resource) {
    return handle
        .createQuery(
            "select owner, token, expires_at from lease where resource = :resource for update")
        .bind("resource", resource)
        .map(
            (row, context) ->
                new Row(
                    Optional.ofNullable(row.getString("owner")),
                    row.getLong("token"),
                    row.getTimestamp("expires_at").toInstant()))
        .one();
  }

  private static Instant now(Handle handle) {
    return handle.createQuery("select current_timestamp").mapTo(Instant.class).one();
  }
}
