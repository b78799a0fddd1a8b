package io.twinberg.command;

import io.twinberg.config.Backfill;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The rules as the reconciler asks for them: those that hold when it asks. */
final class RuleTargets implements Targets {
  private final TwinbergConfig config;
  private final Supplier<RuleMatcher> rules;

  RuleTargets(TwinbergConfig config, Supplier<RuleMatcher> rules) {
    this.config = config;
    this.rules = rules;
  }

  @Override
  public List<Target> of(String source, TableIdentifier name) {
    return rules.get().rule(source, name).stream()
        .flatMap(rule -> rule.destinations().stream().map(to -> target(rule, to, source, name)))
        .toList();
  }

  /**
   * Where rules map it to one destination in several ways, the one that decides about it counts.
   */
  @Override
  public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    Map<String, NamespaceTarget> targets = new LinkedHashMap<>();
    for (RuleConfig rule : rules.get().rules(source, namespace)) {
      for (String to : rule.destinations()) {
        targets.putIfAbsent(to, target(rule, to, source, namespace));
      }
    }
    return List.copyOf(targets.values());
  }

  private NamespaceTarget target(RuleConfig rule, String to, String source, Namespace namespace) {
    DestinationConfig destination = config.destination(to).orElseThrow();
    return new NamespaceTarget(
        to, destination.root(), mapped(rule, destination, source, namespace));
  }

  private Target target(RuleConfig rule, String to, String source, TableIdentifier name) {
    DestinationConfig destination = config.destination(to).orElseThrow();
    return new Target(
        to,
        destination.root(),
        rule.backfill() == Backfill.HEADS_FIRST,
        ReplicaSettings.of(rule.overrides()),
        TableIdentifier.of(mapped(rule, destination, source, name.namespace()), name.name()));
  }

  private static Namespace mapped(
      RuleConfig rule, DestinationConfig destination, String source, Namespace namespace) {
    return rule.overrides()
        .namespaceMapping()
        .orElseGet(destination::namespaceMapping)
        .apply(source, namespace);
  }
}
