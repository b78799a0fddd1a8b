package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;

/** Sections under names that the file chooses; each record keeps its own name. */
public record NamedType<T>(Schema<T> schema, Function<T, String> nameOf)
    implements ValueType<List<T>> {

  @Override
  public String title() {
    return "sections by name";
  }

  @Override
  public Optional<List<T>> read(Node node, Place at) {
    return Entry.of(node, at).flatMap(NamedType.this::readAll);
  }

  @Override
  public Object show(List<T> values) {
    Map<String, Object> shown = new LinkedHashMap<>();
    values.forEach(value -> shown.put(nameOf.apply(value), schema.show(value)));
    return shown;
  }

  @Override
  public List<KeyRow> rows(String path) {
    return schema.rows(path + ".<name>");
  }

  private Optional<List<T>> readAll(List<Entry> entries) {
    List<T> values = new ArrayList<>();
    entries.forEach(entry -> schema.read(entry.value(), entry.place()).ifPresent(values::add));
    return values.size() == entries.size() ? Optional.of(values) : Optional.empty();
  }
}
