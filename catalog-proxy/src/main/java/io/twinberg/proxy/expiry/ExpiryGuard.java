package io.twinberg.proxy.expiry;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.log.IntentKind;
import io.twinberg.proxy.capture.CaptureSettings;
import io.twinberg.proxy.capture.CommitCheck;
import io.twinberg.proxy.capture.Mutation;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.replica.ExpiryHolds;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses commits that remove snapshots which a destination has not applied yet, so that the client
 * loads the table and tries again; after a while they are let go.
 *
 * <p>Failure window: a client may remove the files of its snapshots right after its commit. Whoever
 * has applied a snapshot before the commit keeps it, so the question is asked before, and a replica
 * that moves on meanwhile only has more.
 */
public final class ExpiryGuard implements CommitCheck {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiryGuard.class);

  private final CaptureSettings settings;
  private final Function<TableIdentifier, Optional<HoldRule>> rules;
  private final UnappliedSnapshots snapshots;
  private final ExpiryHolds holds;
  private final GuardMetrics metrics;
  private final Clock clock;

  /**
   * Guards one source.
   *
   * @param rules the rule of a table; empty where its snapshots may be removed at any time
   */
  public ExpiryGuard(
      CaptureSettings settings,
      Function<TableIdentifier, Optional<HoldRule>> rules,
      UnappliedSnapshots snapshots,
      ExpiryHolds holds,
      MeterRegistry registry,
      Clock clock) {
    this.settings = settings;
    this.rules = rules;
    this.snapshots = snapshots;
    this.holds = holds;
    this.metrics = new GuardMetrics(settings.source(), registry);
    this.clock = clock;
  }

  @Override
  public void check(Mutation mutation, byte[] body) {
    boolean commits =
        mutation.kind() == IntentKind.UPDATE_TABLE || mutation.kind() == IntentKind.TRANSACTION;
    if (!commits) {
      return;
    }
    Map<TableIdentifier, HoldRule> guarded = new HashMap<>();
    for (TableIdentifier table : mutation.targets()) {
      rules.apply(table).ifPresent(rule -> guarded.put(table, rule));
    }
    if (guarded.isEmpty()) {
      return;
    }
    Map<TableIdentifier, Set<Long>> removed = RemovedSnapshots.in(mutation, body);
    guarded.keySet().retainAll(removed.keySet());
    if (!guarded.isEmpty()) {
      decide(guarded, removed);
    }
  }

  private void decide(
      Map<TableIdentifier, HoldRule> guarded, Map<TableIdentifier, Set<Long>> removed) {
    List<Held> held = new ArrayList<>();
    try {
      guarded.forEach((table, rule) -> held.addAll(held(table, removed.get(table), rule)));
    } catch (JdbiException e) {
      withoutDatabase(guarded, e);
      return;
    }
    Instant now = clock.instant();
    List<Held> refusing = held.stream().filter(one -> !one.isOver(now)).toList();
    if (refusing.isEmpty()) {
      release(held);
    } else {
      throw refusal(refusing);
    }
  }

  private List<Held> held(TableIdentifier table, Set<Long> removed, HoldRule rule) {
    List<Unapplied> unapplied = snapshots.of(table, removed, rule.destinations());
    Set<String> ready = new HashSet<>(rule.destinations());
    unapplied.forEach(one -> ready.remove(one.destination()));
    ready.forEach(destination -> holds.over(table, destination));
    return unapplied.stream().map(one -> held(table, one, rule.atMost())).toList();
  }

  private Held held(TableIdentifier table, Unapplied one, Duration atMost) {
    return new Held(table, one, holds.until(table, one.destination(), one.position(), atMost));
  }

  private RefusedException refusal(List<Held> held) {
    String what = held.stream().map(Held::text).collect(Collectors.joining("; "));
    Instant until = held.stream().map(Held::until).max(Comparator.naturalOrder()).orElseThrow();
    eachDestination(held, metrics::refused);
    LOG.info("removal of snapshots refused source={} until={}: {}", settings.source(), until, what);
    return new RefusedException(
        Reason.COMMIT_HELD,
        "The commit removes snapshots too early: %s. Nothing was sent; load the table and try again. It is let through at %s at the latest."
            .formatted(what, until));
  }

  private void release(List<Held> held) {
    eachDestination(held, metrics::released);
    held.forEach(
        one ->
            LOG.warn(
                "removal of snapshots let go, its hold is over source={} until={}: {}",
                settings.source(),
                one.until(),
                one.text()));
  }

  private static void eachDestination(List<Held> held, Consumer<String> count) {
    held.stream().map(one -> one.unapplied().destination()).distinct().forEach(count);
  }

  /** Nobody can say what has been applied: writers go on or wait as they do without the log. */
  private void withoutDatabase(Map<TableIdentifier, HoldRule> guarded, JdbiException e) {
    LOG.warn(
        "source={} tables={} on-log-failure={} not known whether removed snapshots were applied: {}",
        settings.source(),
        guarded.keySet(),
        settings.onLogFailure(),
        e.toString());
    if (settings.onLogFailure() == OnLogFailure.REJECT) {
      throw new RefusedException(
          Reason.LOG_UNAVAILABLE,
          "The commit log cannot be read and source %s takes no commit without it; nothing was sent, try again."
              .formatted(settings.source()));
    }
    guarded.values().stream()
        .flatMap(rule -> rule.destinations().stream())
        .distinct()
        .forEach(metrics::released);
  }
}
