package io.twinberg.replicator.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.replica.PrefixMapping;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationMappingTest {
  private static final String TABLE = "s3://lake/db/orders";
  private static final String FOLDER = "s3://replica/wh/db/orders-7";

  private final LocationMapping mapping = mapping("s3://lake/", "s3://other/x");

  @Test
  void map_dataFile_keepsItsPlaceBelowData() {
    assertThat(mapping.map(TABLE + "/data/d=1/a%20b.parquet"))
        .isEqualTo(FOLDER + "/data/d=1/a%20b.parquet");
  }

  @Test
  void map_statisticsFile_goesToExternalAndNotToMetadata() {
    assertThat(mapping.map(TABLE + "/metadata/stats.puffin"))
        .isEqualTo(FOLDER + "/external/" + FolderHash.of(TABLE + "/metadata") + "/stats.puffin");
  }

  @Test
  void map_siblingThatSharesThePrefixText_isNotBelowThePrefix() {
    assertThat(mapping.map(TABLE + "/data2/a")).startsWith(FOLDER + "/external/");
    assertThat(mapping.map(TABLE + "/data")).startsWith(FOLDER + "/external/");
  }

  @Test
  void map_emptySegments_areKeptApart() {
    assertThat(mapping.map(TABLE + "/data//a"))
        .startsWith(FOLDER + "/external/")
        .isNotEqualTo(mapping.map(TABLE + "/data/a"))
        .isNotEqualTo(mapping.map(TABLE + "/data///a"));
  }

  @Test
  void map_nestedPrefixes_longestWins() {
    var nested =
        new LocationMapping(
            FOLDER,
            List.of(
                new PrefixMapping("s3://lake/t", FOLDER + "/data"),
                new PrefixMapping("s3://lake/t/in", FOLDER + "/inner")),
            List.of());
    assertThat(nested.map("s3://lake/t/in/a")).isEqualTo(FOLDER + "/inner/a");
    assertThat(nested.map("s3://lake/t/inn/a")).isEqualTo(FOLDER + "/data/inn/a");
  }

  @Test
  void initial_locationWithTrailingSlash_mapsTheDataFolder() {
    assertThat(ReplicaFolder.initialMapping(TABLE + "/", FOLDER))
        .containsExactly(new PrefixMapping(TABLE + "/data", FOLDER + "/data"));
  }

  @Test
  void folderHash_isPinned() {
    // Paths of published replicas depend on it: it may never change.
    assertThat(FolderHash.of("s3://lake/db/orders/metadata"))
        .isEqualTo("1861a9462d91ad307bb3a54c912b86d5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3://lake/db/orders/data/",
        "s3://lake/db/../secret/a",
        "s3://lake/./a",
        "s3://lake/db/..",
        "s3://lake/a\nb",
        "s3://lake/a\0b",
        "s3://lake/a\u007fb",
        "s3://lake/a\ud800b",
        "data/a.parquet",
        "a.parquet",
        "",
        "s3:a",
        "s3://lake",
        "s3://lake/",
        "s3://elsewhere/a",
        "s3://other/xy/a",
        "s3a://elsewhere/a",
        "s3a://lakes/a",
        "S3A://lake/a",
        "/etc/passwd",
        "file:///etc/passwd",
        "FILE:/etc/passwd"
      })
  void map_unsafePath_isRefusedWithPathAndReason(String path) {
    assertThatThrownBy(() -> mapping.map(path))
        .isInstanceOfSatisfying(
            RefusedPathException.class,
            e -> {
              assertThat(e.path()).isEqualTo(path);
              assertThat(e.getMessage()).contains("is refused: " + e.reason());
              assertThat(e.getMessage().chars()).noneMatch(Character::isISOControl);
            });
  }

  @ParameterizedTest
  @CsvSource({
    "s3://lake, s3a://lake/a",
    "s3://lake/, s3n://lake/a",
    "s3a://lake/, s3://lake/a",
    "file:/lake, /lake/a",
    "file:///lake/, file:/lake/a",
    "/lake, file:///lake/a"
  })
  void map_allowedInAnotherSpelling_isReadAndMappedAsWritten(String allowed, String path) {
    var mapping = new LocationMapping(FOLDER, List.of(), List.of(allowed));
    assertThat(mapping.map(path))
        .isEqualTo(FOLDER + "/external/" + FolderHash.of(path.replaceFirst("/a$", "")) + "/a");
    assertThatThrownBy(() -> mapping.map(path.replace("lake", "lakes")))
        .isInstanceOf(RefusedPathException.class);
    assertThatThrownBy(() -> mapping.map("file:////etc/passwd"))
        .isInstanceOf(RefusedPathException.class);
  }

  @Test
  void map_anyLocationAllowed_refusesLocalPathsOnly() {
    var open = mapping();
    assertThat(open.map("gs://anything/a")).startsWith(FOLDER + "/external/");
    assertThatThrownBy(() -> open.map("/etc/passwd")).isInstanceOf(RefusedPathException.class);
    assertThatThrownBy(() -> open.map("file:/etc/passwd")).isInstanceOf(RefusedPathException.class);
  }

  @Test
  void map_backslashDots_areRefusedWhereADiskIsInvolved() {
    var local = mapping("/lake", "file:/lake");
    assertThatThrownBy(() -> local.map("/lake/a\\..\\b")).isInstanceOf(RefusedPathException.class);
    assertThatThrownBy(() -> local.map("file:/lake/..\\b"))
        .isInstanceOf(RefusedPathException.class);
    var onDisk = new LocationMapping("/replica/t-1", List.of(), List.of());
    assertThatThrownBy(() -> onDisk.map("s3://lake/..\\b"))
        .isInstanceOf(RefusedPathException.class);
    assertThat(mapping.map(TABLE + "/data/a\\..\\b")).endsWith("/data/a\\..\\b");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        FOLDER,
        FOLDER + "/metadata",
        FOLDER + "/Metadata/x",
        FOLDER + "/external/x",
        FOLDER + "/a//b",
        FOLDER + "/../x",
        FOLDER + "/data/nested",
        FOLDER + "/data",
        "s3://replica/wh/db/orders-77/data"
      })
  void constructor_targetThatCouldMeetAnother_isRefused(String target) {
    var prefixes =
        List.of(
            new PrefixMapping(TABLE + "/data", FOLDER + "/data"),
            new PrefixMapping("s3://lake/moved", target));
    assertThatThrownBy(() -> new LocationMapping(FOLDER, prefixes, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void constructor_sourcePrefixTwice_isRefused() {
    var prefixes =
        List.of(
            new PrefixMapping("s3://lake/t", FOLDER + "/data"),
            new PrefixMapping("s3://lake/t", FOLDER + "/more"));
    assertThatThrownBy(() -> new LocationMapping(FOLDER, prefixes, List.of()))
        .hasMessageContaining("mapped twice");
  }

  private static LocationMapping mapping(String... allowed) {
    return new LocationMapping(
        FOLDER, ReplicaFolder.initialMapping(TABLE, FOLDER), List.of(allowed));
  }
}
