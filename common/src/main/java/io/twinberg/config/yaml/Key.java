package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One key of a section: its name, its type, what holds when it is left out, and where the record
 * keeps it.
 *
 * @param <R> the record of the section
 * @param <T> the value of the key
 */
public final class Key<R, T> {
  private enum Presence {
    DEFAULT,
    OPTIONAL,
    REQUIRED
  }

  private final String name;
  private final ValueType<T> type;
  private final Presence presence;
  private final String fallback;
  private final Function<R, Optional<T>> getter;

  private Key(
      String name,
      ValueType<T> type,
      Presence presence,
      String fallback,
      Function<R, Optional<T>> getter) {
    this.name = name;
    this.type = type;
    this.presence = presence;
    this.fallback = fallback;
    this.getter = getter;
  }

  /** A key with a default, written as one would write it in the file. */
  public static <R, T> Key<R, T> of(
      String name, ValueType<T> type, String fallback, Function<R, T> getter) {
    return new Key<>(name, type, Presence.DEFAULT, fallback, getter.andThen(Optional::of));
  }

  /** A key that may be left out; the text says what holds then. */
  public static <R, T> Key<R, T> optional(
      String name, ValueType<T> type, String otherwise, Function<R, Optional<T>> getter) {
    return new Key<>(name, type, Presence.OPTIONAL, otherwise, getter);
  }

  /** A key that must be written. */
  public static <R, T> Key<R, T> required(String name, ValueType<T> type, Function<R, T> getter) {
    return new Key<>(
        name, type, Presence.REQUIRED, "must be written", getter.andThen(Optional::of));
  }

  String name() {
    return name;
  }

  Optional<?> read(Node node, Place at) {
    return type.read(node, at);
  }

  boolean isRequired() {
    return presence == Presence.REQUIRED;
  }

  /** The default, read like any other value; empty for keys without one. */
  Optional<?> fallback(Place section) {
    return presence == Presence.DEFAULT
        ? type.read(YamlText.node(fallback), section.key(name, section.line()))
        : Optional.empty();
  }

  @Nullable Object show(R owner) {
    return getter.apply(owner).map(type::show).orElse(null);
  }

  List<KeyRow> rows(String parent) {
    String path = parent.isEmpty() ? name : parent + "." + name;
    List<KeyRow> rows = new ArrayList<>();
    rows.add(new KeyRow(path, type.title(), documentedFallback()));
    rows.addAll(type.rows(path));
    return rows;
  }

  private String documentedFallback() {
    return presence == Presence.DEFAULT ? "`" + fallback + "`" : fallback;
  }
}
