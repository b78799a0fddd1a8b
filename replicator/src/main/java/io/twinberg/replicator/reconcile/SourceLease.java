package io.twinberg.replicator.reconcile;

import io.twinberg.replica.Lease;
import io.twinberg.replica.Leases;
import java.time.Duration;
import java.util.Optional;

/** The right of one process to reconcile a source, prolonged while it works. */
final class SourceLease {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final Duration RENEWAL = LEASE.dividedBy(3);

  private final String source;
  private final Leases leases;
  private final String owner;
  private Optional<Lease> lease = Optional.empty();
  private long renewedAtNanos;

  SourceLease(String source, Leases leases, String owner) {
    this.source = source;
    this.leases = leases;
    this.owner = owner;
  }

  /** Whether this process has the right now; asked between any two steps of long work. */
  boolean hold() {
    if (lease.isPresent() && System.nanoTime() - renewedAtNanos < RENEWAL.toNanos()) {
      return true;
    }
    long now = System.nanoTime();
    if (lease.isEmpty() || !leases.renew(lease.get(), LEASE)) {
      lease = leases.claim(Lease.ofSource(source), owner, LEASE);
    }
    renewedAtNanos = now;
    return lease.isPresent();
  }

  void release() {
    lease.ifPresent(leases::release);
    lease = Optional.empty();
  }
}
