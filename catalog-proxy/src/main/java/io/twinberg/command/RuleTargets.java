package io.twinberg.command;

import io.twinberg.config.Backfill;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.rule.TargetNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * Where rules map it to one destination in several ways, the one that decides about it counts.
   */
  @Override
  public List<NamespaceTarget> ofNamespace(String source, Namespace namespace) {
    Map<String, NamespaceTarget> targets = new LinkedHashMap<>();
    for (RuleConfig rule : rules.get().rules(source, namespace)) {
      for (String to : rule.destinations()) {
        targets.putIfAbsent(to, target(rule, to, namespace));
      }
    }
    return List.copyOf(targets.values());
  }

  private NamespaceTarget target(RuleConfig rule, String to, Namespace namespace) {
    return new NamespaceTarget(to, root(to), names.of(rule, to, namespace));
  }

  private Target target(RuleConfig rule, String to, TableIdentifier name) {
    return new Target(
        to,
        root(to),
        rule.backfill() == Backfill.HEADS_FIRST,
        ReplicaSettings.of(rule.overrides()),
        names.of(rule, to, name));
  }

  private String root(String destination) {
    return config.destination(destination).orElseThrow().root();
  }
}
