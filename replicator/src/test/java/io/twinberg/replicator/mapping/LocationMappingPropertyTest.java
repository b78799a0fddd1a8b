package io.twinberg.replicator.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replica.PrefixMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random nasty paths: the mapping is pure, injective and never leaves the replica's folder. */
class LocationMappingPropertyTest {
  private static final int PATHS = 50_000;
  private static final String FOLDER = "s3://replica/wh/t-1";
  private static final List<PrefixMapping> PREFIXES =
      List.of(
          new PrefixMapping("s3://lake/t/data", FOLDER + "/data"),
          new PrefixMapping("s3://lake/t/data/in", FOLDER + "/data2"),
          new PrefixMapping("s3://lake/t", FOLDER + "/rest"),
          new PrefixMapping("/lake/t", FOLDER + "/local/t"));
  private static final List<String> STARTS =
      List.of(
          "s3://lake/t/data", "s3://lake/t", "s3://lake", "s3a://lake/t", "/lake/t", "file:/lake");
  private static final String[] PIECES = {
    "/",
    "/",
    "/",
    "//",
    "a",
    "b",
    "data",
    "data2",
    "in",
    "metadata",
    "external",
    "%2F",
    "%2E%2E",
    "%",
    "?",
    "#",
    "+",
    " ",
    ".",
    "..",
    "...",
    "\\",
    "é",
    "e\u0301",
    "\ud83d\ude00",
    "\ud83d",
    "\n",
    "t",
    ":",
    "0".repeat(32)
  };

  private final Random random = Seeds.random();

  @Test
  void map_randomPaths_isPureInjectiveAndConfined() {
    Map<String, String> sourceByTarget = new HashMap<>();
    int mapped = 0;
    for (int i = 0; i < PATHS; i++) {
      String source = randomPath();
      String target = mapOrNull(source);
      if (target != null) {
        mapped++;
        assertConfined(target);
        assertThat(mapOrNull(source)).isEqualTo(target);
        String other = sourceByTarget.put(collapsed(target), source);
        assertThat(other).as("two sources of %s", target).isIn(null, source);
      }
    }
    assertThat(mapped).isGreaterThan(PATHS / 10);
  }

  // What a disk makes of the target: if two targets meet there, they are not two files.
  private static String collapsed(String target) {
    return target.replaceAll("/+", "/");
  }

  private static void assertConfined(String target) {
    assertThat(target).startsWith(FOLDER + "/").doesNotStartWith(FOLDER + "/metadata");
    assertThat(target.substring(FOLDER.length() + 1).split("/", -1)).doesNotContain("", ".", "..");
  }

  // A fresh mapping each time: the result depends on nothing but the path and the list.
  private static String mapOrNull(String path) {
    try {
      return new LocationMapping(
              FOLDER, PREFIXES, List.of("s3://lake", "s3a://lake/", "/lake", "file:/"))
          .map(path);
    } catch (RefusedPathException e) {
      return null;
    }
  }

  private String randomPath() {
    StringBuilder path = new StringBuilder(STARTS.get(random.nextInt(STARTS.size())));
    for (int n = random.nextInt(7); n >= 0; n--) {
      path.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return path.toString();
  }
}
