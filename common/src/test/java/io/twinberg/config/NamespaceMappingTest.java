package io.twinberg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamespaceMappingTest {

  @ParameterizedTest
  @CsvSource({
    "{namespace}, a/b",
    "{source}.{namespace}, prod/a/b",
    "copies.of.{source}.{namespace}.end, copies/of/prod/a/b/end",
    "x_{namespace}_y, x_a/b_y",
    "{source}_raw.{namespace}, prod_raw/a/b",
    "{source}, prod",
    "all, all"
  })
  void apply_template_keepsLevels(String template, String expected) {
    assertThat(new NamespaceMapping(template).apply("prod", Namespace.of("a", "b")))
        .isEqualTo(Namespace.of(expected.split("/")));
  }

  @Test
  void apply_levelWithDotOrBraces_staysOneLevel() {
    assertThat(
            new NamespaceMapping("{source}.{namespace}")
                .apply("p", Namespace.of("a.b", "{source}")))
        .isEqualTo(Namespace.of("p", "a.b", "{source}"));
  }

  @Test
  void apply_emptyNamespace_leavesItsLevelOut() {
    assertThat(new NamespaceMapping("{namespace}").apply("p", Namespace.empty()))
        .isEqualTo(Namespace.empty());
    assertThat(new NamespaceMapping("{source}.{namespace}").apply("p", Namespace.empty()))
        .isEqualTo(Namespace.of("p"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{table}", "{a.b}", "{namespace", "namespace}", "{}", "{{namespace}}"})
  void template_unknownPlaceholder_isRefused(String template) {
    assertThatThrownBy(() -> new NamespaceMapping(template))
        .hasMessage("must be a template of {namespace}, {source} and text");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".{namespace}", "a..b", "{namespace}."})
  void template_emptyLevel_isRefused(String template) {
    assertThatThrownBy(() -> new NamespaceMapping(template))
        .hasMessage("must be a template without empty levels");
  }
}
