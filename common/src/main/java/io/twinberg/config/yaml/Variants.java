package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A section whose key {@code type} decides which further keys it has; the first variant is the
 * default.
 */
public final class Variants<T> implements ValueType<T> {
  private static final String TYPE = "type";

  /** One choice: the text of {@code type}, the record it makes, and its keys. */
  public record Variant<V>(String name, Class<V> kind, Schema<V> schema) {
    Object show(Object value) {
      Map<String, Object> shown = new LinkedHashMap<>();
      shown.put(TYPE, name);
      shown.putAll(schema.show(kind.cast(value)));
      return shown;
    }
  }

  private final List<Variant<? extends T>> variants;
  private final ScalarType<Variant<? extends T>> chooser;

  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read
  public Variants(Variant<? extends T>... variants) {
    this.variants = List.of(variants);
    this.chooser = ScalarType.of(choices(), this::named, Variant::name);
  }

  @Override
  public String title() {
    return "section";
  }

  @Override
  public Optional<T> read(Node node, Place at) {
    return Entry.of(node, at).flatMap(entries -> read(entries, at));
  }

  @Override
  public Object show(T value) {
    return variants.stream()
        .filter(variant -> variant.kind().isInstance(value))
        .map(variant -> variant.show(value))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public List<KeyRow> rows(String path) {
    List<KeyRow> rows = new ArrayList<>();
    rows.add(new KeyRow(path + "." + TYPE, chooser.title(), "`" + variants.get(0).name() + "`"));
    variants.forEach(variant -> rows.addAll(variant.schema().rows(path)));
    return rows;
  }

  private Optional<T> read(List<Entry> entries, Place at) {
    return chosen(entries)
        .flatMap(variant -> variant.schema().read(own(entries, variant), at).map(it -> it));
  }

  private Optional<Variant<? extends T>> chosen(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry.place().name().equals(TYPE)) {
        return chooser.read(entry.value(), entry.place());
      }
    }
    return Optional.of(variants.get(0));
  }

  /** The entries without {@code type} and without those of other variants, which are reported. */
  private List<Entry> own(List<Entry> entries, Variant<? extends T> chosen) {
    List<Entry> own = new ArrayList<>();
    for (Entry entry : entries) {
      String name = entry.place().name();
      Optional<Variant<? extends T>> owner =
          variants.stream().filter(variant -> variant.schema().has(name)).findFirst();
      if (owner.isPresent() && !chosen.schema().has(name)) {
        entry
            .place()
            .problem(
                "belongs to 'type: "
                    + owner.get().name()
                    + "', not to 'type: "
                    + chosen.name()
                    + "'");
      } else if (!name.equals(TYPE)) {
        own.add(entry);
      }
    }
    return own;
  }

  private Variant<? extends T> named(String text) {
    return variants.stream()
        .filter(variant -> variant.name().equals(text))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("must be " + choices()));
  }

  private String choices() {
    return Words.or(variants.stream().map(Variant::name).toList());
  }
}
