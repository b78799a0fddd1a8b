package io.twinberg.replica;

import io.twinberg.database.Database;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** Leases with fencing tokens, by the database's clock, so that all processes agree on the time. */
public final class Leases {
  private final Jdbi jdbi;

  /** The leases of one database. */
  public Leases(Database database) {
    this.jdbi = database.jdbi();
  }

  /** Claims a resource that nobody holds, or whose holder let it expire. */
  public Optional<Lease> claim(String resource, String owner, Duration duration) {
    return jdbi.inTransaction(
        handle -> {
          Optional<Lease> lease = take(handle, resource, owner, duration);
          if (lease.isPresent() || !enter(handle, resource)) {
            return lease;
          }
          return take(handle, resource, owner, duration);
        });
  }

  private static Optional<Lease> take(
      Handle handle, String resource, String owner, Duration duration) {
    return handle
        .createUpdate(
            """
            update lease set owner = :owner, token = token + 1,
                             expires_at = current_timestamp + cast(:millis as bigint) * interval '0.001' second
            where resource = :resource and (owner is null or expires_at <= current_timestamp)
            """)
        .bind("owner", owner)
        .bind("millis", duration.toMillis())
        .bind("resource", resource)
        .executeAndReturnGeneratedKeys("token")
        .mapTo(Long.class)
        .findOne()
        .map(token -> new Lease(resource, owner, token));
  }

  /** Whether the resource was new; of those who enter it at once, one does. */
  private static boolean enter(Handle handle, String resource) {
    return handle.execute(
            "insert into lease (resource, token, expires_at) values (?, 0, current_timestamp) on conflict do nothing",
            resource)
        == 1;
  }

  /** Prolongs a lease; false when it is lost. */
  public boolean renew(Lease lease, Duration duration) {
    return jdbi.inTransaction(
        handle ->
            handle
                    .createUpdate(
                        """
                        update lease set expires_at = current_timestamp + cast(:millis as bigint) * interval '0.001' second
                        where resource = :resource and token = :token and owner = :owner
                        """)
                    .bind("millis", duration.toMillis())
                    .bind("resource", lease.resource())
                    .bind("token", lease.token())
                    .bind("owner", lease.owner())
                    .execute()
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

  /**
   * Gives back whatever an owner holds, who works no longer, or hangs and will find that it has
   * lost its leases.
   */
  public void releaseAll(String owner) {
    jdbi.useHandle(
        handle -> handle.execute("update lease set owner = null where owner = ?", owner));
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

  /** Fences off whoever works on a resource, so that nobody holds it when the transaction ends. */
  static void fenceOff(Handle handle, String resource) {
    handle.execute(
        "update lease set owner = null, token = token + 1, expires_at = current_timestamp where resource = ?",
        resource);
  }

  /**
   * Makes sure, and keeps sure until the transaction ends, that the lease has not been claimed by
   * somebody else.
   *
   * @throws LeaseLostException when it has
   */
  static void fence(Handle handle, Lease lease) {
    if (!holds(handle, lease)) {
      throw new LeaseLostException(lease);
    }
  }

  /**
   * Whether nobody has claimed the resource since, even if the lease has run out; it stays so until
   * the transaction ends.
   */
  static boolean holds(Handle handle, Lease lease) {
    long token =
        handle
            .createQuery("select token from lease where resource = :resource for update")
            .bind("resource", lease.resource())
            .mapTo(Long.class)
            .one();
    return token == lease.token();
  }
}
