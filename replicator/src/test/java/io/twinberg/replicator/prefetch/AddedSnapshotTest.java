package io.twinberg.replicator.prefetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddedSnapshotTest {
  private static Optional<SnapshotFacts> in(String body) {
    return AddedSnapshot.in(body.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void in_commitOfSeveralSnapshots_isTheLast() {
    assertThat(
            in(
                """
                {"requirements": [{"type": "assert-ref-snapshot-id", "ref": "main", "snapshot-id": 9,
                                   "snapshot": {"snapshot-id": 9, "manifest-list": "s3://lake/9.avro"}}],
                 "updates": [
                  {"action": "add-snapshot", "snapshot": {"snapshot-id": 1, "manifest-list": "s3://lake/1.avro"}},
                  {"action": "set-properties", "updates": {"snapshot": "x"}},
                  {"snapshot": {"manifest-list": "s3://lake/2.avro", "summary": {"snapshot-id": "7"},
                                "snapshot-id": 2}, "action": "add-snapshot"},
                  {"action": "set-snapshot-ref", "ref-name": "main", "snapshot-id": 2}]}
                """))
        .contains(new SnapshotFacts(2, "s3://lake/2.avro"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"updates\":[",
        "{\"updates\":{\"snapshot\":{\"snapshot-id\":1,\"manifest-list\":\"s3://lake/1.avro\"}}}",
        "{\"updates\":[{\"action\":\"add-snapshot\",\"snapshot\":{\"snapshot-id\":1}}]}",
        "{\"updates\":[{\"action\":\"add-snapshot\",\"snapshot\":\"s3://lake/1.avro\"}]}",
        "{\"updates\":[\"snapshot\"]}",
        "{\"updates\":[{\"snapshot\":{\"snapshot-id\":99999999999999999999,\"manifest-list\":\"s3://lake/1.avro\"}}]}",
      })
  void in_whateverElse_isNone(String body) {
    assertThat(in(body)).isEmpty();
  }
}
