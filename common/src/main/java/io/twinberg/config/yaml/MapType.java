package io.twinberg.config.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.yaml.snakeyaml.nodes.Node;

/** Free keys, each with one value of the same type, printed by key and value. */
public record MapType<T>(String title, ValueType<T> element, BiFunction<String, T, Object> shower)
    implements ValueType<Map<String, T>> {

  @Override
  public Optional<Map<String, T>> read(Node node, Place at) {
    return Entry.of(node, at).flatMap(this::readAll);
  }

  @Override
  public Object show(Map<String, T> values) {
    Map<String, Object> shown = new LinkedHashMap<>();
    values.forEach((key, value) -> shown.put(key, shower.apply(key, value)));
    return shown;
  }

  private Optional<Map<String, T>> readAll(List<Entry> entries) {
    Map<String, T> values = new LinkedHashMap<>();
    for (Entry entry : entries) {
      element
          .read(entry.value(), entry.place())
          .ifPresent(it -> values.put(entry.place().name(), it));
    }
    return values.size() == entries.size() ? Optional.of(values) : Optional.empty();
  }
}
