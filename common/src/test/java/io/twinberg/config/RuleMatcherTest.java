package io.twinberg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleMatcherTest {
  private static final String RULES =
      """
      destinations:
        catalog: { root: a, retention: { snapshots: forever } }
        sales: { root: b, retention: { snapshots: forever } }
        sales-eu: { root: c, retention: { snapshots: forever } }
        starts: { root: d, retention: { snapshots: forever } }
        orders: { root: e, retention: { snapshots: forever } }
        facts: { root: f, retention: { snapshots: forever } }
        deep: { root: g, retention: { snapshots: forever } }
      rules:
        - { destinations: [catalog] }
        - { namespace: "sal*", destinations: [starts] }
        - { namespace: sales, except: ["tmp_*", "sales.scratch.**"], destinations: [sales, catalog] }
        - { namespace: sales.eu, destinations: [sales-eu] }
        - { namespace: sales, table: "o*", destinations: [starts] }
        - { namespace: sales, table: orders, destinations: [orders] }
        - { namespace: "**", table: fact, destinations: [facts] }
        - { namespace: "x.**.y", destinations: [deep] }
        - { namespace: [dotted.level], destinations: [] }
      """;

  @ParameterizedTest
  @CsvSource({
    "other, t, catalog",
    "'', t, catalog",
    "sales, t, sales catalog",
    "sales/us/deep, t, sales catalog",
    "sales/eu, t, sales-eu",
    "sales/eu/de, orders, sales-eu",
    "salary, t, starts",
    "salary/below, t, starts",
    "sal/es, t, starts",
    "sales, orders, orders",
    "sales, offers, starts",
    "sales/eu, fact, facts",
    "'', fact, facts",
    "sales, tmp_1, ''",
    "sales/scratch, t, ''",
    "sales/scratch/a/b, t, ''",
    "sales/eu, tmp_1, sales-eu",
    "x/y, t, deep",
    "x/1/2/y, t, deep",
    "x/1/y/below, t, deep",
    "x/1, t, catalog",
    "dotted.level, t, ''",
    "dotted/level, t, catalog"
  })
  void destinations_severalRules_comeFromTheNarrowest(
      String namespace, String table, String expected) {
    List<RuleConfig> rules = new ArrayList<>(Configs.parse(RULES).rules());
    long seed = Long.getLong("seed", System.nanoTime());
    Collections.shuffle(rules, new Random(seed));
    assertThat(new RuleMatcher(rules).destinations("main", namespace(namespace), table))
        .as("seed=%d", seed)
        .isEqualTo(expected.isEmpty() ? List.of() : List.of(expected.split(" ")));
  }

  @Test
  void destinations_otherSource_areNone() {
    RuleMatcher matcher = new RuleMatcher(Configs.parse(RULES).rules());
    assertThat(matcher.destinations("elsewhere", Namespace.of("sales"), "t")).isEmpty();
  }

  @Test
  void destinations_equallyNarrowGlobs_comeFromTheFirst() {
    List<RuleConfig> rules =
        List.of(
            glob("a*", "first"), glob("*a", "second"), glob("a*a*", "third"), glob("*", "last"));
    assertThat(new RuleMatcher(rules).destinations("main", Namespace.of("aba"), "t"))
        .containsExactly("third");
    assertThat(new RuleMatcher(rules.subList(0, 2)).destinations("main", Namespace.of("aba"), "t"))
        .containsExactly("first");
  }

  @Test
  void destinations_exactNameAgainstGlobOfAsManyLetters_comeFromTheExactName() {
    List<RuleConfig> rules = List.of(glob("a*b", "glob"), glob("ab", "exact"));
    assertThat(new RuleMatcher(rules).destinations("main", Namespace.of("ab"), "t"))
        .containsExactly("exact");
  }

  private static RuleConfig glob(String namespace, String destination) {
    return Configs.parse(
            "destinations: { %2$s: { root: r, retention: { snapshots: forever } } }\nrules: [ { namespace: '%1$s', destinations: [%2$s] } ]"
                .formatted(namespace, destination))
        .rules()
        .get(0);
  }

  private static Namespace namespace(String slashes) {
    return slashes.isEmpty() ? Namespace.empty() : Namespace.of(slashes.split("/"));
  }

  @ParameterizedTest
  @CsvSource({
    "other, catalog",
    "sales, sales catalog starts orders",
    "sales/eu/de, sales-eu",
    "dotted.level, ''"
  })
  void namespace_goesWhereTablesInItMayGo(String namespace, String expected) {
    RuleMatcher matcher = new RuleMatcher(Configs.parse(RULES).rules());
    assertThat(matcher.destinations("main", namespace(namespace)))
        .containsExactlyInAnyOrder(expected.isEmpty() ? new String[0] : expected.split(" "));
  }
}
