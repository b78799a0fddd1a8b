package io.twinberg.command;

import io.twinberg.config.Backfill;
import io.twinberg.config.RuleConfig;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import io.twinberg.rule.TargetNames;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** The rules that hold now as the reconciler asks for them. */
final class RuleTargets implements Targets {
  /** Decides as if another rule were put; empty where it would not hold. */
  interface Trial {
    Optional<RuleMatcher> with(RuleScope scope, RuleEdit.Body rule);
  }

  private final TwinbergConfig config;
  private final Supplier<RuleMatcher> rules;
  private final Trial trial;
  private final TargetNames names;

  RuleTargets(TwinbergConfig config, Supplier<RuleMatcher> rules, Trial trial) {
    this.config = config;
    this.rules = rules;
    this.trial = trial;
    this.names = new TargetNames(config.fileRules());
  }

  @Override
  public List<Target> of(String source, TableIdentifier name) {
    return targets(rules.get().rule(source, name), name);
  }

  private List<Target> targets(Optional<RuleConfig> rule, TableIdentifier name) {
    return rule.stream()
        .flatMap(one -> one.destinations().stream().map(to -> target(one, to, name)))
        .toList();
  }

  @Override
  public Optional<Targets> ofRule(RuleScope scope, RuleEdit.Body rule) {
    return trial
        .with(scope, rule)
        .map(
            matcher ->
                (source, name) ->
                    targets(
                        matcher
                            .rule(source, name)
                            .filter(deciding -> deciding.scope().equals(scope.key())),
                        name));
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
