package io.twinberg.command;

import io.twinberg.config.Backfill;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The configuration's rules as the reconciler asks for them. */
final class RuleTargets implements Targets {
  private final TwinbergConfig config;
  private final RuleMatcher rules;

  RuleTargets(TwinbergConfig config) {
    this.config = config;
    this.rules = new RuleMatcher(config.rules());
  }

  @Override
  public List<Target> of(String source, TableIdentifier name) {
    return rules.rule(source, name).stream()
        .flatMap(rule -> rule.destinations().stream().map(to -> target(rule, to, source, name)))
        .toList();
  }

  @Override
  public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    return rules.destinations(source, namespace).stream()
        .map(destination -> config.destination(destination).orElseThrow())
        .map(
            destination ->
                new NamespaceTarget(
                    destination.name(),
                    destination.root(),
                    destination.namespaceMapping().apply(source, namespace)))
        .toList();
  }

  private Target target(RuleConfig rule, String to, String source, TableIdentifier name) {
    DestinationConfig destination = config.destination(to).orElseThrow();
    TableIdentifier target =
        TableIdentifier.of(
            destination.namespaceMapping().apply(source, name.namespace()), name.name());
    return new Target(
        destination.name(), destination.root(), rule.backfill() == Backfill.HEADS_FIRST, target);
  }
}
