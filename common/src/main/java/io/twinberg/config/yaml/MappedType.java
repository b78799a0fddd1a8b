package io.twinberg.config.yaml;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/** Another type whose values are wrapped in a record of their own. */
record MappedType<S, T>(ValueType<S> inner, Function<S, T> wrap, Function<T, S> unwrap)
    implements ValueType<T> {

  @Override
  public String title() {
    return inner.title();
  }

  @Override
  public Optional<T> read(Node node, Place at) {
    return inner.read(node, at).map(wrap);
  }

  @Override
  public Object show(T value) {
    return inner.show(unwrap.apply(value));
  }

  @Override
  public List<KeyRow> rows(String path) {
    return inner.rows(path);
  }
}
