package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.ConfigLoader;
import io.twinberg.config.DataSize;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.replica.ReplicaSettings;
import io.twinberg.replicator.reconcile.NamespaceTarget;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.reconcile.Targets;
import io.twinberg.rule.RuleEdit;
import io.twinberg.rule.RuleScope;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuleTargetsTest {
  private static final String ENDS =
      """
      sources: { main: { default: true } }
      destinations:
        eu: { root: /eu, retention: { snapshots: forever }, namespace-mapping: "all.{namespace}" }
        us: { root: /us, retention: { snapshots: forever } }
      """;
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");

  @TempDir Path folder;

  private TwinbergConfig config(String rules) {
    return ConfigLoader.parse(ENDS + "rules: " + rules, folder, name -> "");
  }

  private RuleTargets targets(String rules) {
    TwinbergConfig config = config(rules);
    RuleMatcher matcher = new RuleMatcher(config.rules());
    return new RuleTargets(config, () -> matcher, (scope, rule) -> Optional.empty());
  }

  @Test
  void of_ruleWithoutSettings_isAsItsDestinationsSay() {
    assertThat(targets("[ { destinations: [eu, us] } ]").of("main", ORDERS))
        .containsExactly(
            new Target(
                "eu", "file:/eu", TableIdentifier.of(Namespace.of("all", "sales"), "orders")),
            new Target("us", "file:/us", ORDERS));
  }

  @Test
  void of_ruleWithSettings_replacesWhatTheDestinationsSay() {
    List<Target> targets =
        targets(
                "[ { destinations: [eu], namespace-mapping: \"{source}.{namespace}\", priority: 9, bandwidth-limit: 1MiB,"
                    + " retention: { snapshots: forever }, refs: { tags: [eod] } } ]")
            .of("main", ORDERS);
    assertThat(targets)
        .containsExactly(
            new Target(
                "eu",
                "file:/eu",
                false,
                new ReplicaSettings(
                    Optional.of(new Retention.Forever()),
                    new RefSelection.Named(List.of(), List.of(NameGlob.parse("eod"))),
                    9,
                    Optional.of(new DataSize(1 << 20))),
                TableIdentifier.of(Namespace.of("main", "sales"), "orders")));
  }

  @Test
  void ofNamespace_rulesWithMappings_goesWhereItsDecidingRuleSays() {
    RuleTargets targets =
        targets(
            "[ { destinations: [eu, us], namespace-mapping: \"x_{namespace}\" },"
                + " { namespace: sales, table: orders, destinations: [us], namespace-mapping: \"y\" } ]");
    assertThat(targets.ofNamespace("main", Namespace.of("sales")))
        .containsExactly(
            new NamespaceTarget("eu", "file:/eu", Namespace.of("x_sales")),
            new NamespaceTarget("us", "file:/us", Namespace.of("x_sales")));
  }

  @Test
  void of_rulesThatChange_isWhatTheySayNow() {
    TwinbergConfig config = config("[ { destinations: [eu] } ]");
    AtomicReference<RuleMatcher> rules = new AtomicReference<>(new RuleMatcher(config.rules()));
    RuleTargets targets = new RuleTargets(config, rules::get, (scope, rule) -> Optional.empty());
    assertThat(targets.of("main", ORDERS)).extracting(Target::destination).containsExactly("eu");

    rules.set(new RuleMatcher(config("[ { destinations: [us] } ]").rules()));

    assertThat(targets.of("main", ORDERS)).extracting(Target::destination).containsExactly("us");
  }

  @Test
  void ofRule_isWhatThatRuleAloneDecides() {
    TwinbergConfig config = config("[ { destinations: [eu] } ]");
    RuleMatcher tried =
        new RuleMatcher(
            config("[ { destinations: [us] }, { namespace: hr, destinations: [eu] } ]").rules());
    RuleEdit.Body body = new RuleEdit.Body(true, "{}");
    RuleTargets targets =
        new RuleTargets(
            config,
            () -> new RuleMatcher(config.rules()),
            (scope, rule) -> Optional.of(tried).filter(fits -> rule.equals(body)));
    RuleScope all = RuleScope.catalog("main");

    Targets ofRule = targets.ofRule(all, body).orElseThrow();

    assertThat(ofRule.of("main", ORDERS)).extracting(Target::destination).containsExactly("us");
    assertThat(ofRule.of("main", TableIdentifier.of("hr", "people"))).isEmpty();
    assertThat(targets.ofRule(all, new RuleEdit.Body(false, "{}"))).isEmpty();
  }
}
