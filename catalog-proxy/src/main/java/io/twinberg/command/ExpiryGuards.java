package io.twinberg.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.log.VersionLog;
import io.twinberg.proxy.capture.CaptureSettings;
import io.twinberg.proxy.capture.CommitCheck;
import io.twinberg.proxy.expiry.ExpiryGuard;
import io.twinberg.proxy.expiry.HoldRule;
import io.twinberg.proxy.expiry.UnappliedSnapshots;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.apache.iceberg.catalog.TableIdentifier;

/** The expiry guards of sources, as the configuration's rules want them. */
final class ExpiryGuards {
  private final TwinbergConfig config;
  private final RuleMatcher rules;
  private final Database database;
  private final Function<Replica, byte[]> published;
  private final MeterRegistry registry;
  private final Clock clock;

  /**
   * @param published reads the published metadata of a replica
   */
  ExpiryGuards(
      TwinbergConfig config,
      Database database,
      Function<Replica, byte[]> published,
      MeterRegistry registry,
      Clock clock) {
    this.config = config;
    this.rules = new RuleMatcher(config.rules());
    this.database = database;
    this.published = published;
    this.registry = registry;
    this.clock = clock;
  }

  /** The guard of a source; none where no rule holds anything, so that it costs nothing there. */
  CommitCheck of(CaptureSettings settings) {
    String source = settings.source();
    boolean holds =
        config.rules().stream()
            .anyMatch(rule -> rule.source().equals(source) && rule.expiryHold().isPresent());
    if (!holds) {
      return CommitCheck.NONE;
    }
    return new ExpiryGuard(
        settings,
        table -> holdRule(source, table),
        new UnappliedSnapshots(
            source,
            new SourceTables(database, clock),
            new VersionLog(database, clock),
            new Replicas(database, clock),
            published),
        registry,
        clock);
  }

  private Optional<HoldRule> holdRule(String source, TableIdentifier table) {
    return rules.rule(source, table).flatMap(ExpiryGuards::holdRule);
  }

  private static Optional<HoldRule> holdRule(RuleConfig rule) {
    return rule.expiryHold().map(atMost -> new HoldRule(rule.destinations(), atMost));
  }
}
