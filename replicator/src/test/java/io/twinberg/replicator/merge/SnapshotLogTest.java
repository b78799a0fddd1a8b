package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SnapshotLogTest {
  // One letter an entry.
  @ParameterizedTest
  @CsvSource(
      value = {
        "-,abc,abc",
        "abc,abc,abc",
        "abc,abcd,abcd",
        "abc,cd,abcd",
        "abc,d,abcd",
        "abc,-,abc",
        "abca,ad,abcad",
        "bc,abcd,abcd",
        "abc,c,abc"
      })
  void merge_logs_endWithTheSourcesLog(String replica, String source, String merged) {
    assertThat(SnapshotLog.merge(log(replica), log(source))).isEqualTo(log(merged));
  }

  private static List<ObjectNode> log(String letters) {
    return Arrays.stream(letters.replace("-", "").split(""))
        .filter(letter -> !letter.isEmpty())
        .map(SnapshotLogTest::entry)
        .toList();
  }

  private static ObjectNode entry(String letter) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("timestamp-ms", 1000 + letter.charAt(0))
        .put("snapshot-id", (long) letter.charAt(0));
  }
}
