package io.twinberg.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Grants as they are written. */
class GrantTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "read:lake",
        "write:lake",
        "read:lake/sales",
        "write:lake/sales.*.tmp_*",
        "read:lake/**.pub",
        "manage:viewer",
        "manage:operator",
        "manage:admin"
      })
  void grant_isWrittenAsItWasRead(String text) {
    assertThat(Grant.parse(text).text()).isEqualTo(text);
  }

  @Test
  void grant_knowsItsCatalogAndNamespaces() {
    assertThat(Grant.parse("write:lake")).isEqualTo(new Grant.Write("lake"));
    assertThat(Grant.parse("read:lake/a.b*"))
        .isEqualTo(new Grant.Read("lake", Optional.of(NameGlob.parse("a.b*"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "read",
        "read:",
        "own:lake",
        "manage:boss",
        "manage:ADMIN",
        "manage:admin/a",
        "Read:lake",
        "read:Lake",
        "read:/a",
        "read:la ke",
        "read:lake:a",
        "read: lake"
      })
  void grant_thatIsNone_isRefused(String text) {
    assertThatThrownBy(() -> Grant.parse(text)).hasMessageStartingWith("must be write:<catalog>");
  }

  @ParameterizedTest
  @ValueSource(strings = {"read:lake/", "read:lake/a..b", "read:lake/a[b]", "read:lake/a**"})
  void namespace_thatIsNoGlob_isRefused(String text) {
    assertThatThrownBy(() -> Grant.parse(text))
        .hasMessageStartingWith("behind the slash it must be a glob");
  }

  @ParameterizedTest
  @CsvSource({
    "a.b, '', true",
    "a.b, a, true",
    "a.b, a.b, true",
    "a.b, a.b.c, false",
    "a.b, b, false",
    "a*.b, abc, true",
    "a*.b, b, false",
    "**.b, x.y.z, true",
    "a.**.b, a.x, true",
    "a.**.b, b.x, false"
  })
  void glob_leadsToNamesThatBeginLikeIt(String glob, String name, boolean leads) {
    List<String> levels = name.isEmpty() ? List.of() : List.of(name.split("\\."));

    assertThat(NameGlob.parse(glob).leadsTo(levels)).isEqualTo(leads);
  }
}
