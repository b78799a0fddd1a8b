package io.twinberg.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.exceptions.BadRequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedLocationsTest {
  private final AllowedLocations allowed =
      new AllowedLocations(
          new EmbeddedSettings(
              "main", "s3://lake/wh/", List.of("file:/data"), "set by the test", Map.of()));

  @ParameterizedTest
  @ValueSource(
      strings = {"s3://lake/wh", "s3://lake/wh/a/b", "file:/data/..a/b..", "file:/data/a%2Fb"})
  void location_inside_isTaken(String location) {
    assertThatCode(() -> allowed.require("location", location)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://lake/wh2/a",
        "s3://lake",
        "s3a://lake/wh/a",
        "s3://LAKE/wh/a",
        "s3://lake/wh/../x",
        "s3://lake/wh/%2E%2e/x",
        "s3://lake/wh/.%2e/x",
        "s3://lake/wh/a\\..\\x",
        "s3://lake/wh/a\u0000",
        "file:///data/a",
        "/data/a",
        ""
      })
  void location_outsideOrOdd_isRefusedWithItsKey(String location) {
    assertThatThrownBy(() -> allowed.require("write.data.path", location))
        .isInstanceOf(BadRequestException.class)
        .hasMessageStartingWith("write.data.path " + location);
  }

  @Test
  void settings_withoutScheme_areRefused() {
    assertThatThrownBy(() -> new EmbeddedSettings("main", "/data", List.of(), "io", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("warehouse");
  }
}
