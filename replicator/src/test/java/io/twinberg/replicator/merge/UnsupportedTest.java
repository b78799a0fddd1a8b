package io.twinberg.replicator.merge;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class UnsupportedTest {
  @Test
  void check_ordinaryTable_passes() {
    assertThatCode(() -> Unsupported.check(tree(t -> t.putArray("encryption-keys"))))
        .doesNotThrowAnyException();
  }

  @Test
  void check_whatCannotBeReplicated_isNamed() {
    assertNamed("format-version 4", t -> t.put("format-version", 4));
    assertNamed("encryption-keys", t -> t.putArray("encryption-keys").addObject());
    assertNamed(
        "encryption.key-id",
        t -> ((ObjectNode) t.path("properties")).put("encryption.key-id", "k"));
    assertNamed("key-id", t -> snapshot(t).put("key-id", "k"));
    assertNamed("until the table format is final", t -> t.put("format-version", 4));
  }

  @Test
  void check_snapshotWithoutManifests_isDamaged() {
    assertThatThrownBy(() -> Unsupported.check(tree(t -> snapshot(t).remove("manifest-list"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("without manifests");
  }

  private static void assertNamed(String name, Consumer<ObjectNode> change) {
    assertThatThrownBy(() -> Unsupported.check(tree(change)))
        .isInstanceOf(UnsupportedMergeException.class)
        .hasMessageContaining(name);
  }

  private static ObjectNode snapshot(ObjectNode tree) {
    return Json.objects(tree, "snapshots").get(0);
  }

  private static ObjectNode tree(Consumer<ObjectNode> change) {
    SourceTable source = new SourceTable(3);
    source.append();
    ObjectNode tree = source.tree();
    change.accept(tree);
    return tree;
  }
}
