package io.twinberg.command;

import io.twinberg.config.Backfill;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.rule.TargetNames;
import java.util.List;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The rules that hold now as the reconciler asks for them. */
final class RuleTargets implements Targets {
  private final TwinbergConfig config;
  private final Supplier<RuleMatcher> rules;
  private final TargetNames names;

  RuleTargets(TwinbergConfig config, Supplier<RuleMatcher> rules) {
    this.config = config;
    this.rules = rules;
    this.names = new TargetNames(config.fileRules());
  }

  @Override
  public List<Target> of(String source, TableIdentifier name) {
    return rules.get().rule(source, name).stream()
        .flatMap(rule -> rule.destinations().stream().map(to -> target(rule, to, name)))
        .toList();
  }

  @Override
  public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    return rules.get().destinations(source, namespace).stream()
        .map(destination -> config.destination(destination).orElseThrow())
        .map(
            destination ->
                new NamespaceTarget(
                    destination.name(),
                    destination.root(),
                    destination.namespaceMapping().apply(source, namespace)))
        .toList();
  }

  private Target target(RuleConfig rule, String to, TableIdentifier name) {
    DestinationConfig destination = config.destination(to).orElseThrow();
    return new Target(
        destination.name(),
        destination.root(),
        rule.backfill() == Backfill.HEADS_FIRST,
        names.of(rule, to, name));
  }
}
