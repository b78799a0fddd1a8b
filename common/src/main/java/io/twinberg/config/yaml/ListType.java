package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A list of values of one type, no two of which have the same identity. */
public final class ListType<T> implements ValueType<List<T>> {
  private final ValueType<T> element;
  private final Function<T, Object> identity;
  private final String clash;

  private ListType(ValueType<T> element, Function<T, Object> identity, String clash) {
    this.element = element;
    this.identity = identity;
    this.clash = clash;
  }

  public static <T> ListType<T> of(ValueType<T> element) {
    return new ListType<>(element, any -> new Object(), "");
  }

  /**
   * A list that refuses a second value of one identity with, for example, {@code has the name of
   * tokens[0]}.
   */
  public static <T> ListType<T> distinct(
      ValueType<T> element, Function<T, Object> identity, String clash) {
    return new ListType<>(element, identity, clash);
  }

  @Override
  public String title() {
    return "list of " + element.title() + "s";
  }

  @Override
  public Optional<List<T>> read(Node node, Place at) {
    if (!(node instanceof SequenceNode sequence)) {
      return at.refuse("must be a list of " + element.title() + "s");
    }
    List<T> values = new ArrayList<>();
    Map<Object, Place> seen = new HashMap<>();
    int index = 0;
    for (Node item : sequence.getValue()) {
      Place place = at.item(index++, item.getStartMark().getLine() + 1);
      element.read(item, place).filter(value -> isNew(value, place, seen)).ifPresent(values::add);
    }
    return values.size() == index ? Optional.of(values) : Optional.empty();
  }

  @Override
  public Object show(List<T> values) {
    return values.stream().map(element::show).toList();
  }

  @Override
  public List<KeyRow> rows(String path) {
    return element.rows(path + "[]");
  }

  private boolean isNew(T value, Place place, Map<Object, Place> seen) {
    @Nullable Place before = seen.putIfAbsent(identity.apply(value), place);
    if (before != null) {
      place.problem(clash + " " + before.path());
    }
    return before == null;
  }
}
