package io.twinberg.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.config.ConfigLoader;
import io.twinberg.config.RuleMatcher;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.testing.DatabaseContract;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class LiveRulesTest extends DatabaseContract {
  private static final TableIdentifier ORDERS = TableIdentifier.of("sales", "orders");
  private static final TableIdentifier ITEMS = TableIdentifier.of("sales", "items");
  private static final TwinbergConfig CONFIG =
      ConfigLoader.parse(
          """
          sources: { prod: {} }
          destinations:
            eu: { root: ./eu, retention: { snapshots: forever } }
            us: { root: ./us, retention: { snapshots: forever } }
          rules:
            - { source: prod, destinations: [eu] }
            - { source: prod, namespace: "s*", destinations: [eu, us] }
          """,
          Path.of("/nowhere"),
          name -> null);

  private RuleStore store() {
    return new RuleStore(database, clock);
  }

  private LiveRules rules(boolean shared) {
    return new LiveRules(CONFIG.fileRules(), store(), shared);
  }

  private void put(RuleScope scope, boolean enabled, String json) {
    store()
        .make(
            new RuleEdit(
                scope,
                Optional.of(new RuleEdit.Body(enabled, json)),
                store().all().find(scope).isPresent()
                    ? new Precondition.Present()
                    : new Precondition.Absent(),
                "boss"),
            (before, after) -> {});
  }

  private static List<String> destinations(LiveRules rules, TableIdentifier table) {
    return rules.get().destinations(SOURCE, table);
  }

  @Test
  void narrowest_ofFileAndApiTogether_replacesWiderOnesWhole() {
    try (LiveRules rules = rules(false)) {
      assertThat(destinations(rules, ORDERS)).containsExactly("eu", "us");

      put(RuleScope.namespace(SOURCE, Namespace.of("sales")), true, "{\"destinations\":[\"us\"]}");
      assertThat(destinations(rules, ORDERS)).as("before the look").containsExactly("eu", "us");
      rules.refresh();
      assertThat(destinations(rules, ORDERS)).containsExactly("us");

      put(RuleScope.table(SOURCE, ORDERS), true, "{\"destinations\":[\"eu\"]}");
      rules.refresh();
      assertThat(destinations(rules, ORDERS)).containsExactly("eu");
      assertThat(destinations(rules, ITEMS)).containsExactly("us");

      put(RuleScope.table(SOURCE, ORDERS), false, "{\"destinations\":[\"eu\"]}");
      rules.refresh();
      assertThat(destinations(rules, ORDERS)).isEmpty();
    }
  }

  @Test
  void trying_aRule_decidesAsIfItWerePutAndChangesNothing() {
    RuleScope sales = RuleScope.namespace(SOURCE, Namespace.of("sales"));
    put(sales, true, "{\"destinations\":[\"eu\"]}");
    put(RuleScope.table(SOURCE, ITEMS), true, "{\"destinations\":[\"eu\"]}");
    try (LiveRules rules = rules(false)) {
      RuleMatcher tried =
          rules.trying(sales, new RuleEdit.Body(true, "{\"destinations\":[\"us\"]}")).orElseThrow();

      assertThat(tried.destinations(SOURCE, ORDERS)).containsExactly("us");
      assertThat(tried.destinations(SOURCE, ITEMS)).containsExactly("eu");
      assertThat(
              rules
                  .trying(sales, new RuleEdit.Body(false, "{\"destinations\":[\"us\"]}"))
                  .orElseThrow()
                  .destinations(SOURCE, ORDERS))
          .isEmpty();
      assertThat(destinations(rules, ORDERS)).containsExactly("eu");
    }
  }

  @Test
  void trying_aRuleThatTheFileHas_isNoTrial() {
    try (LiveRules rules = rules(false)) {
      assertThat(
              rules.trying(
                  RuleScope.catalog(SOURCE),
                  new RuleEdit.Body(true, "{\"destinations\":[\"us\"]}")))
          .isEmpty();
    }
  }

  @Test
  void refresh_tellsWhatMayHaveBeenTouched_andOnlyOnce() {
    List<RuleDifference> told = new CopyOnWriteArrayList<>();
    try (LiveRules rules = rules(false)) {
      rules.start((source, difference) -> told.add(difference));
      put(RuleScope.table(SOURCE, ORDERS), true, "{\"destinations\":[\"eu\"]}");
      rules.refresh();
      rules.refresh();

      assertThat(told).hasSize(1);
      assertThat(told.get(0).touches(ORDERS)).isTrue();
      assertThat(told.get(0).touches(ITEMS)).isFalse();
      assertThat(told.get(0).touches(Namespace.of("sales"))).isTrue();
      assertThat(told.get(0).touches(Namespace.of("hr"))).isFalse();
    }
  }

  @Test
  void change_ofAnotherProcess_isSeenSoon() {
    List<String> told = new CopyOnWriteArrayList<>();
    try (LiveRules rules = rules(true)) {
      rules.start((source, difference) -> told.add(source));
      put(RuleScope.namespace(SOURCE, Namespace.of("sales")), true, "{\"destinations\":[]}");

      await().untilAsserted(() -> assertThat(destinations(rules, ORDERS)).isEmpty());
      await().untilAsserted(() -> assertThat(told).containsExactly(SOURCE));
    }
  }

  /** A rule for a destination that the file has no more still keeps wider ones away. */
  @Test
  void rule_withoutItsDestination_goesToThoseThatAreLeft() {
    put(RuleScope.table(SOURCE, ORDERS), true, "{\"destinations\":[\"gone\",\"us\"]}");
    put(RuleScope.table(SOURCE, ITEMS), true, "{\"destinations\":[\"gone\"]}");
    try (LiveRules rules = rules(false)) {
      assertThat(destinations(rules, ORDERS)).containsExactly("us");
      assertThat(destinations(rules, ITEMS)).isEmpty();
      assertThat(rules.current().rules()).filteredOn(rule -> rule.problem().isPresent()).hasSize(2);
    }
  }

  @Test
  void rule_forWhatTheFileCovers_isShadowed() {
    put(RuleScope.catalog(SOURCE), true, "{\"destinations\":[\"us\"]}");
    try (LiveRules rules = rules(false)) {
      assertThat(destinations(rules, TableIdentifier.of("hr", "people"))).containsExactly("eu");
      assertThat(rules.current().rules()).extracting(LiveRule::shadowed).containsOnlyOnce(true);
    }
  }
}
