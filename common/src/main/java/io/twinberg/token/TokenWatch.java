package io.twinberg.token;

import io.twinberg.wake.Wake;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What this process knows of the tokens that the API made. It looks twice a second whether there is
 * news from other processes, so that a revoked token ends within a second everywhere, and no call
 * waits for the database. While that is down, what was known goes on.
 */
public final class TokenWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TokenWatch.class);
  private static final Duration PERIOD = Duration.ofMillis(500);

  /**
   * Where there is no other process, whoever changes tokens has this one look, unless he fails
   * between the two.
   */
  private static final Duration LONG_PERIOD = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final ApiTokens store;
  private final Duration period;
  private final Wake bell = new Wake();
  private final Thread thread;
  private final Map<String, Instant> uses = new ConcurrentHashMap<>();

  /** These two are of the thread alone. */
  private long lookedAt = System.nanoTime();

  private final Map<String, Instant> written = new HashMap<>();

  private volatile TokenTable table = TokenTable.EMPTY;
  private volatile boolean blind = true;

  /** Guards the two below, and that one looks at a time. */
  private final ReentrantLock looking = new ReentrantLock();

  private long revision = -1;
  private long begunAt = System.nanoTime();

  /**
   * Knows nothing yet.
   *
   * @param shared whether other processes may change tokens, too
   */
  public TokenWatch(ApiTokens store, boolean shared) {
    this.store = store;
    this.period = shared ? PERIOD : LONG_PERIOD;
    this.thread = new Thread(this::run, "token-watch");
    thread.setDaemon(true);
  }

  /** Looks once, and from now on. */
  public void start() {
    look();
    thread.start();
  }

  private void run() {
    try {
      while (!bell.ended()) {
        bell.await(PERIOD);
        lookIfDue();
        noteUses();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookIfDue() {
    // While it is blind, whoever comes with an unknown token is told to come back.
    if (blind || System.nanoTime() - lookedAt >= period.toNanos()) {
      lookedAt = System.nanoTime();
      look();
    }
  }

  /** The tokens as they were at the last look, or when the database was last there. */
  public TokenTable table() {
    return table;
  }

  /** Looks now; whoever has changed a token need not wait for it to hold in this process. */
  public void look() {
    looking.lock();
    try {
      lookLocked();
    } finally {
      looking.unlock();
    }
  }

  /**
   * Looks for a token that is not in the table: another process may have made it a moment ago. Of
   * many who ask, one looks for all; nobody waits long, and nobody at all while the database is
   * down.
   *
   * @return whether the table holds all tokens that there were when this was called
   */
  public boolean lookAgain() {
    long asked = System.nanoTime();
    if (blind || !lockSoon()) {
      return false;
    }
    try {
      if (begunAt - asked < 0) {
        lookLocked();
      }
      return !blind;
    } finally {
      looking.unlock();
    }
  }

  private boolean lockSoon() {
    try {
      return looking.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void lookLocked() {
    begunAt = System.nanoTime();
    try {
      long now = store.revision();
      if (now != revision) {
        // Read after its number: a change between the two is read again, never missed.
        table = new TokenTable(store.all());
        revision = now;
      }
      blind = false;
    } catch (RuntimeException e) {
      if (!blind) {
        LOG.warn("tokens of the API cannot be read, known ones go on: {}", e.toString());
      }
      blind = true;
    }
  }

  /** Remembers that a token was used; it is written later, by another thread. */
  public void used(ApiToken token, Instant at) {
    uses.put(token.secretHash(), at);
  }

  private void noteUses() {
    if (written.size() > ApiTokens.MOST) {
      written.clear();
    }
    try {
      for (String hash : uses.keySet()) {
        noteUse(hash, Optional.ofNullable(uses.remove(hash)).orElseThrow());
      }
    } catch (RuntimeException e) {
      LOG.debug("uses of tokens are not noted: {}", e.toString());
    }
  }

  private void noteUse(String hash, Instant at) {
    Instant last = written.getOrDefault(hash, Instant.EPOCH);
    if (Duration.between(last, at).compareTo(ApiTokens.USE_GRAIN) >= 0) {
      store.used(hash, at);
      written.put(hash, at);
    }
  }

  @Override
  public void close() {
    bell.end();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
