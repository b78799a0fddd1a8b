package io.twinberg.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.database.Database;
import io.twinberg.log.SourceTables;
import io.twinberg.log.TableChecks;
import io.twinberg.log.VersionLog;
import io.twinberg.proxy.capture.CaptureSettings;
import io.twinberg.proxy.capture.CommitCheck;
import io.twinberg.proxy.expiry.ExpiryGuard;
import io.twinberg.proxy.expiry.HoldRule;
import io.twinberg.proxy.expiry.UnappliedSnapshots;
import io.twinberg.replica.ExpiryHolds;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** The expiry guards of sources, as the rules that hold now want them. */
final class ExpiryGuards {
  private final Supplier<RuleMatcher> rules;
  private final Database database;
  private final Function<Replica, byte[]> published;
  private final MeterRegistry registry;
  private final Clock clock;

  /**
   * @param published reads the published metadata of a replica
   */
  ExpiryGuards(
      Supplier<RuleMatcher> rules,
      Database database,
      Function<Replica, byte[]> published,
      MeterRegistry registry,
      Clock clock) {
    this.rules = rules;
    this.database = database;
    this.published = published;
    this.registry = registry;
    this.clock = clock;
  }

  /** The guard of a source; where the rule of a table holds nothing, it does not look further. */
  CommitCheck of(CaptureSettings settings) {
    String source = settings.source();
    return new ExpiryGuard(
        settings,
        table -> holdRule(source, table),
        new UnappliedSnapshots(
            source,
            new SourceTables(database, clock),
            new TableChecks(database, clock),
            new VersionLog(database, clock),
            new Replicas(database, clock),
            published),
        new ExpiryHolds(source, database, clock),
        registry,
        clock);
  }

  private Optional<HoldRule> holdRule(String source, TableIdentifier table) {
    return rules.get().rule(source, table).flatMap(ExpiryGuards::holdRule);
  }

  private static Optional<HoldRule> holdRule(RuleConfig rule) {
    return rule.expiryHold().map(atMost -> new HoldRule(rule.destinations(), atMost));
  }
}
