package io.twinberg.replicator.rewrite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.ManifestFixtures;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedSpecsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void move_ofEveryVersion_changesTheIdsAlone(int version) {
    byte[] list = ManifestFixtures.list(version, "gzip", 300, version == 3 ? 5000L : null);
    int old = ListedSpecs.of(list).iterator().next();

    byte[] moved = ListedSpecs.move(list, Map.of(old, 1_000_000, old + 7, 5));

    assertThat(ListedSpecs.of(moved)).containsExactly(1_000_000);
    assertThat(ListedSpecs.move(moved, Map.of(1_000_000, old))).isEqualTo(copied(list));
    assertThat(withoutSpecs(moved)).isEqualTo(withoutSpecs(list));
  }

  /** What a copy without any change is: packed by ourselves. */
  private static byte[] copied(byte[] list) {
    return ListedSpecs.move(list, Map.of());
  }

  private static List<String> withoutSpecs(byte[] list) {
    return ManifestList.read(list).stream()
        .map(manifest -> manifest.toString().replaceFirst("specId=\\d+", ""))
        .toList();
  }
}
