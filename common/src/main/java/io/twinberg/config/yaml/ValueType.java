package io.twinberg.config.yaml;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/** What a key may hold: how to read it, how to print it, and what the document calls it. */
public interface ValueType<T> {

  /** The type's name in the document. */
  String title();

  /** Reads a node; empty means that the problem has been reported. */
  Optional<T> read(Node node, Place at);

  /** The value as maps, lists and plain values, with secrets masked. */
  Object show(T value);

  /** The rows of the keys inside values of this type. */
  default List<KeyRow> rows(String path) {
    return List.of();
  }

  /** The same type with its values wrapped in a record of their own. */
  default <W> ValueType<W> as(Function<T, W> wrap, Function<W, T> unwrap) {
    return new MappedType<>(this, wrap, unwrap);
  }
}
