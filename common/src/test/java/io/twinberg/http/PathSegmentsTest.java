package io.twinberg.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.rest.RESTUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathSegmentsTest {
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    ".",
    "-",
    "_",
    "~",
    " ",
    "+",
    "%",
    "%20",
    "%2F",
    "/",
    "\\",
    "|",
    "?",
    "#",
    "&",
    "é",
    "\ud83d\ude00",
    "\u001e",
    "%1F",
    "%2E"
  };

  @ParameterizedTest
  @CsvSource({
    "orders, orders",
    "a b, a%20b",
    "a+b, a%2Bb",
    "a/b, a%2Fb",
    "a%b, a%25b",
    "a%2Fb, a%252Fb",
    "a.b-c_d~e, a.b-c_d~e",
    "., %2E",
    ".., %2E%2E",
    "..., ...",
    "é|😀, %C3%A9%7C%F0%9F%98%80"
  })
  void encode_name_followsRfc3986AndDecodesBack(String name, String segment) {
    assertThat(PathSegments.encode(name)).isEqualTo(segment);
    assertThat(PathSegments.decode(segment)).isEqualTo(name);
  }

  @Test
  void decode_plusAndRawUnicode_stayAsTheyAre() {
    assertThat(PathSegments.decode("a+b%2bc")).isEqualTo("a+b+c");
    assertThat(PathSegments.decode("é😀")).isEqualTo("é😀");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%",
        "a%2",
        "%zz",
        "%+1",
        "%-1",
        "%C3",
        "%ff",
        "%C0%AF",
        "%ED%A0%80",
        "%\uff11\uff11"
      })
  void decode_malformedSegment_isRefused(String segment) {
    assertThatThrownBy(() -> PathSegments.decode(segment))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encode_loneSurrogate_isRefused() {
    assertThatThrownBy(() -> PathSegments.encode("\ud83d"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void splitLevels_defaultSeparator_isUnderstoodWhateverIsAdvertised() {
    assertThat(PathSegments.splitLevels("a%1Fb.c", "%2E")).containsExactly("a", "b.c");
    assertThat(PathSegments.splitLevels("a%1fb", "%1F")).containsExactly("a", "b");
    assertThat(PathSegments.splitLevels("ns%2ein.ner", "%2E")).containsExactly("ns", "in.ner");
    assertThat(PathSegments.splitLevels("ß%1fb", "%1F")).containsExactly("ß", "b");
    assertThat(PathSegments.splitLevels("a%20b", "%1F")).containsExactly("a b");
  }

  @Test
  void joinLevels_levelThatHoldsTheSeparator_isRefused() {
    assertThatThrownBy(() -> PathSegments.joinLevels(List.of("a\u001fb"), "%1F"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PathSegments.joinLevels(List.of("a\u001fb"), "%2E"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PathSegments.joinLevels(List.of(), "%1F"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void joinLevels_dotsAlone_areEncoded() {
    assertThat(PathSegments.joinLevels(List.of(".."), "%1F")).isEqualTo("%2E%2E");
  }

  @Test
  void joinLevels_randomNames_splitsBackAndAgreesWithIceberg() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      List<String> levels = randomLevels(random);
      String joined = PathSegments.joinLevels(levels, "%1F");
      assertThat(PathSegments.splitLevels(joined, "%1F")).isEqualTo(levels);
      assertThat(RESTUtil.decodeNamespaceAsPathSegment(joined, "%1F"))
          .isEqualTo(Namespace.of(levels.toArray(new String[0])));
    }
  }

  private static List<String> randomLevels(Random random) {
    List<String> levels = new ArrayList<>();
    for (int n = random.nextInt(3); n >= 0; n--) {
      StringBuilder level = new StringBuilder();
      for (int k = random.nextInt(4); k >= 0; k--) {
        level.append(PIECES[random.nextInt(PIECES.length)]);
      }
      levels.add(level.toString());
    }
    return levels;
  }
}
