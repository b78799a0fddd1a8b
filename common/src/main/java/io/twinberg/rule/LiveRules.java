package io.twinberg.rule;

import io.twinberg.config.FileRules;
import io.twinberg.config.RuleMatcher;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rules that hold now, in memory: asking costs nothing. What this process changes holds at
 * once; what another one changed, as soon as the revision was looked at, every second.
 */
public final class LiveRules implements Supplier<RuleMatcher>, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveRules.class);
  private static final Duration EVERY = Duration.ofSeconds(1);

  private final FileRules file;
  private final RuleStore store;
  private final boolean shared;
  private final Wake wake = new Wake();
  private volatile RuleSet current;
  private volatile RuleListener listener = (source, difference) -> {};
  private boolean silent;

  /**
   * Reads the rules.
   *
   * @param shared whether other processes may change them, too
   */
  public LiveRules(FileRules file, RuleStore store, boolean shared) {
    this.file = file;
    this.store = store;
    this.shared = shared;
    this.current = RuleSet.of(file, store.all());
    warnOfIdle(current);
  }

  /** Tells of changes from now on, and looks for those of other processes. */
  public void start(RuleListener told) {
    listener = told;
    if (shared) {
      Thread thread = new Thread(this::poll, "rules");
      thread.setDaemon(true);
      thread.start();
    }
  }

  @Override
  public RuleMatcher get() {
    return current.matcher();
  }

  /** All rules that hold or would hold. */
  public RuleSet current() {
    return current;
  }

  /** A rule of the API as it would hold. */
  public LiveRule live(StoredRule stored) {
    return RuleSet.live(file, stored);
  }

  /** The rules as they would be with others in the API. */
  RuleSet with(StoredRules stored) {
    return RuleSet.of(file, stored);
  }

  /** Takes over what the database has. */
  public synchronized void refresh() {
    RuleSet before = current;
    if (store.revision() == before.revision()) {
      return;
    }
    RuleSet now = RuleSet.of(file, store.all());
    current = now;
    RuleDifference difference = RuleDifference.between(before.deciding(), now.deciding());
    LOG.info("rules changed revision={} sources={}", now.revision(), difference.sources());
    warnOfIdle(now);
    difference.sources().forEach(source -> listener.changed(source, difference.of(source)));
  }

  private void poll() {
    while (!wake.ended()) {
      try {
        wake.await(EVERY);
        refresh();
        silent = false;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        warnOnce(e);
      }
    }
  }

  private void warnOnce(RuntimeException e) {
    if (!silent && !wake.ended()) {
      LOG.warn("changed rules cannot be looked for, the last ones hold: {}", e.toString());
      silent = true;
    }
  }

  private void warnOfIdle(RuleSet rules) {
    for (LiveRule rule : rules.rules()) {
      if (rule.origin() instanceof RuleOrigin.Api api) {
        RuleScope scope = api.stored().scope();
        rule.problem().ifPresent(problem -> LOG.warn("rule of the API for {}: {}", scope, problem));
        if (rule.shadowed()) {
          LOG.warn(
              "rule of the API for {} is shadowed: {} has a rule for the same, which holds instead",
              scope,
              file.file());
        }
      }
    }
  }

  @Override
  public void close() {
    wake.end();
  }
}
