package io.twinberg.files;

import io.twinberg.source.CredentialSource;
import io.twinberg.source.LoadResult;
import io.twinberg.source.TableCredentials;
import io.twinberg.source.Vending;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The credentials of one table: those handed out last, replaced before they expire and when the
 * store refuses them. Many threads read with them; one at a time asks for others.
 */
final class VendedTable {
  private static final Logger LOG = LoggerFactory.getLogger(VendedTable.class);

  /** The catalog is not asked again sooner, whatever it answered. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  /** An attempt that brought nothing; for a while everybody else is told the same. */
  private record Missed(Instant at, Optional<LoadResult.Failure> answer) {}

  private final String source;
  private final TableIdentifier name;
  private final CredentialSource catalog;
  private final Clock clock;
  private final ReentrantLock asking = new ReentrantLock();

  private volatile @Nullable Held held;
  // Guarded by asking.
  private @Nullable Missed missed;
  private long handedOut;

  VendedTable(String source, TableIdentifier name, CredentialSource catalog, Clock clock) {
    this.source = source;
    this.name = name;
    this.catalog = catalog;
    this.clock = clock;
  }

  TableIdentifier name() {
    return name;
  }

  /** What came with a load; somebody who is asking right now learns better. */
  void seen(TableCredentials credentials) {
    if (!credentials.isEmpty() && asking.tryLock()) {
      try {
        hold(credentials);
      } finally {
        asking.unlock();
      }
    }
  }

  /**
   * Credentials that hold now.
   *
   * @param location the file that they are for
   * @throws StoreException when the catalog does not answer
   * @throws NotVendedException when it hands out none
   */
  Held current(String location) {
    Held now = held;
    if (now == null || now.expiredAt(clock.instant())) {
      return replaced(now, location);
    }
    return now.dueAt(clock.instant()) ? renewed(now) : now;
  }

  /** Others than those that the store refused; empty when there are none for now. */
  Optional<Held> insteadOf(Held refused) {
    asking.lock();
    try {
      Held now = held;
      if (now == null || now.number() != refused.number()) {
        return Optional.ofNullable(now);
      }
      return !isRecent(now) && ask(now.credentials())
          ? Optional.of(held).filter(fresh -> fresh.number() != refused.number())
          : Optional.empty();
    } finally {
      asking.unlock();
    }
  }

  /** Early enough that nobody waits: the others go on with what they have. */
  private Held renewed(Held due) {
    if (asking.tryLock()) {
      try {
        Held now = held;
        if (now != null && now.number() == due.number() && ask(due.credentials())) {
          now = held;
        }
        return now == null ? due : now;
      } finally {
        asking.unlock();
      }
    }
    return due;
  }

  private Held replaced(@Nullable Held before, String location) {
    asking.lock();
    try {
      Held now = held;
      if (now != null && (!now.expiredAt(clock.instant()) || isRecent(now))) {
        // Expired and just handed out: our clock may be wrong, the store knows.
        return now;
      }
      if (!ask(before == null ? TableCredentials.NONE : before.credentials())) {
        throw refusal(location);
      }
      return held;
    } finally {
      asking.unlock();
    }
  }

  private boolean isRecent(Held handedOut) {
    return clock.instant().isBefore(handedOut.since().plus(PAUSE));
  }

  /** Whether the catalog has handed out something. */
  private boolean ask(TableCredentials before) {
    Missed last = missed;
    if (last != null && clock.instant().isBefore(last.at().plus(PAUSE))) {
      return false;
    }
    Vending answer = catalog.credentials(name, before);
    if (answer instanceof Vending.Vended vended && !vended.credentials().isEmpty()) {
      hold(vended.credentials());
      return true;
    }
    Optional<LoadResult.Failure> why =
        answer instanceof Vending.Failed failed ? Optional.of(failed.failure()) : Optional.empty();
    missed = new Missed(clock.instant(), why);
    LOG.warn(
        "no credentials vended source={} table={}: {}",
        source,
        name,
        why.map(LoadResult.Failure::detail).orElse("the answer has none"));
    return false;
  }

  private void hold(TableCredentials credentials) {
    Held before = held;
    boolean same = before != null && before.credentials().equals(credentials);
    held = new Held(credentials, clock.instant(), same ? before.number() : ++handedOut);
    missed = null;
  }

  private RuntimeException refusal(String location) {
    Optional<LoadResult.Failure> answer = Optional.ofNullable(missed).flatMap(Missed::answer);
    if (answer.isEmpty()) {
      return new NotVendedException(source, name, location);
    }
    // Never MISSING: that would say that the file is gone.
    Kind kind = answer.get() instanceof LoadResult.Unavailable ? Kind.UNAVAILABLE : Kind.DENIED;
    return new StoreException(
        kind,
        location,
        "Cannot read "
            + location
            + ": the catalog gives no credentials for table "
            + name
            + ": "
            + answer.get().detail());
  }
}
