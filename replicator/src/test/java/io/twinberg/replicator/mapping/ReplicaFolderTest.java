package io.twinberg.replicator.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.catalog.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicaFolderTest {
  private static final String[] PIECES = {
    "a",
    "A",
    "1",
    "7",
    "-",
    ".",
    "..",
    "/",
    "%",
    "%2F",
    "%2D",
    "_",
    " ",
    "é",
    "data",
    "\ud83d\ude00"
  };

  @ParameterizedTest
  @CsvSource({
    "db, orders, s3://r/db/orders-7",
    "d b, or/ders, s3://r/d%20b/or%2Fders-7",
    "., .., s3://r/%2E/%2E%2E-7",
    "..., a.b, s3://r/%2E%2E%2E/a.b-7",
    "é, a-b, s3://r/%C3%A9/a-b-7",
    "prod-eu, 'a%', s3://r/prod-eu/a%25-7",
    "orders-7, x, s3://r/orders%2D7/x-7"
  })
  void folderOf_names_areEncodedOneSegmentEach(String level, String table, String folder) {
    assertThat(ReplicaFolder.folderOf("s3://r/", Namespace.of(level), table, "7"))
        .isEqualTo(folder);
  }

  @Test
  void folderOf_emptyNamespace_liesInTheRoot() {
    assertThat(ReplicaFolder.folderOf("s3://r", Namespace.empty(), "t", "x9"))
        .isEqualTo("s3://r/t-x9");
  }

  @Test
  void folderOf_unusableNames_areRefused() {
    assertRefused(Namespace.of(""), "t", "1");
    assertRefused(Namespace.of("a"), "", "1");
    assertRefused(Namespace.of("a"), "\ud83d", "1");
    assertRefused(Namespace.of("a"), "t", "a-1");
    assertRefused(Namespace.of("a"), "t", "abc");
    assertRefused(Namespace.of("a"), "t", "");
  }

  @Test
  void folderOf_randomNames_isInjectiveAndNeverNests() {
    Random random = Seeds.random();
    Map<String, List<String>> namesByFolder = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      List<String> names = randomNames(random);
      String folder = folder(names);
      assertThat(namesByFolder.getOrDefault(folder, names)).isEqualTo(names);
      namesByFolder.put(folder, names);
      assertThat(ReplicaFolder.isOf(folder, "s3://r/", "7")).as(folder).isTrue();
    }
    namesByFolder.keySet().forEach(folder -> assertNotNested(folder, namesByFolder));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://r/sales/events-8",
        "s3://r/sales/events-17",
        "s3://r/sales/-7",
        "s3://r/-7",
        "s3://r-7",
        "s3://r2/sales/events-7",
        "s3://r/../r2/events-7",
        "s3://r/./events-7",
        "s3://r//events-7",
        "s3://r/a b/events-7",
        "s3://r/events-7/data",
        "s3://r/events-7/"
      })
  void isOf_whatNoReplicaOfThatIdHasBelowTheRoot_isFalse(String folder) {
    assertThat(ReplicaFolder.isOf(folder, "s3://r", "7")).isFalse();
  }

  private static void assertNotNested(String folder, Map<String, List<String>> namesByFolder) {
    for (int i = folder.lastIndexOf('/'); i > 0; i = folder.lastIndexOf('/', i - 1)) {
      assertThat(namesByFolder).doesNotContainKey(folder.substring(0, i));
    }
  }

  // One id for all: the names alone must tell the folders apart.
  private static String folder(List<String> names) {
    String[] levels = names.subList(0, names.size() - 1).toArray(new String[0]);
    return ReplicaFolder.folderOf("s3://r", Namespace.of(levels), names.get(names.size() - 1), "7");
  }

  private static List<String> randomNames(Random random) {
    List<String> names = new ArrayList<>();
    for (int n = random.nextInt(3); n >= 0; n--) {
      StringBuilder name = new StringBuilder(PIECES[random.nextInt(PIECES.length)]);
      for (int k = random.nextInt(3); k > 0; k--) {
        name.append(PIECES[random.nextInt(PIECES.length)]);
      }
      names.add(name.toString());
    }
    return names;
  }

  private static void assertRefused(Namespace namespace, String table, String id) {
    assertThatThrownBy(() -> ReplicaFolder.folderOf("s3://r", namespace, table, id))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
