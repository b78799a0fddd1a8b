package io.twinberg.config.yaml;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** The keys of one kind of section, and the record that is made of them. */
public final class Schema<R> implements ValueType<R> {
  private final Function<Section, R> maker;
  private final List<Key<R, ?>> keys;

  /**
   * The maker may throw {@link IllegalArgumentException} if values that are sound alone do not fit
   * together.
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public Schema(Function<Section, R> maker, Key<R, ?>... keys) {
    this.maker = maker;
    this.keys = List.of(keys);
  }

  @Override
  public String title() {
    return "section";
  }

  @Override
  public Optional<R> read(Node node, Place at) {
    return Entry.of(node, at).flatMap(entries -> read(entries, at));
  }

  @Override
  public Map<String, Object> show(R value) {
    Map<String, Object> shown = new LinkedHashMap<>();
    for (Key<R, ?> key : keys) {
      @Nullable Object one = key.show(value);
      if (one != null) {
        shown.put(key.name(), one);
      }
    }
    return shown;
  }

  @Override
  public List<KeyRow> rows(String path) {
    return keys.stream().flatMap(key -> key.rows(path).stream()).toList();
  }

  /** The record of a section in which nothing is written. */
  public R defaults(Place at) {
    return read(List.of(), at).orElseThrow();
  }

  boolean has(String name) {
    return keys.stream().anyMatch(key -> key.name().equals(name));
  }

  Optional<R> read(List<Entry> entries, Place at) {
    entries.stream()
        .map(Entry::place)
        .filter(place -> !has(place.name()))
        .forEach(this::reportUnknown);
    Map<String, Entry> written =
        entries.stream().collect(Collectors.toMap(entry -> entry.place().name(), entry -> entry));
    Map<String, Object> values = new HashMap<>();
    boolean sound = true;
    for (Key<R, ?> key : keys) {
      @Nullable Entry entry = written.get(key.name());
      Optional<?> value = entry == null ? key.fallback(at) : key.read(entry.value(), entry.place());
      value.ifPresent(it -> values.put(key.name(), it));
      sound &= value.isPresent() || (entry == null && !isMissing(key, at));
    }
    return sound ? make(new Section(at, values)) : Optional.empty();
  }

  private static boolean isMissing(Key<?, ?> key, Place at) {
    if (key.isRequired()) {
      at.problem("'" + key.name() + "' is missing; it must be written");
    }
    return key.isRequired();
  }

  private void reportUnknown(Place place) {
    List<String> names = keys.stream().map(Key::name).toList();
    place.problem("unknown key" + Suggestion.of(place.name(), names));
  }

  private Optional<R> make(Section section) {
    try {
      return Optional.of(maker.apply(section));
    } catch (IllegalArgumentException e) {
      return section.place().refuse(e.getMessage());
    }
  }
}
