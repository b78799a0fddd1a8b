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
    assertNamed("format-version 1", t -> t.put("format-version", 1));
    assertNamed("format-version 4", t -> t.put("format-version", 4));
    assertNamed("encryption-keys", t -> t.putArray("encryption-keys").addObject());
    assertNamed(
        "encryption.key-id",
        t -> ((ObjectNode) t.path("properties")).put("encryption.key-id", "k"));
    assertNamed("key-id", t -> snapshot(t).put("key-id", "k"));
    assertNamed("manifests", t -> snapshot(t).putArray("manifests").add("s3://m"));
    assertNamed("manifests", t -> snapshot(t).remove("manifest-list"));
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
