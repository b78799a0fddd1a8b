package io.twinberg.config.yaml;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A single value, read from its text as written, so that YAML's own ideas of numbers, dates and
 * booleans never come in between.
 *
 * @param parser throws {@link IllegalArgumentException} with what the value "must be"
 * @param open whether the text may appear in messages
 */
public record ScalarType<T>(
    String title,
    BiFunction<String, References, T> parser,
    Function<T, Object> shower,
    boolean open)
    implements ValueType<T> {

  /** A type whose texts may appear in messages. */
  public static <T> ScalarType<T> of(
      String title, Function<String, T> parser, Function<T, Object> shower) {
    return new ScalarType<>(title, (text, references) -> parser.apply(text), shower, true);
  }

  /** The same type, but no message ever quotes its text. */
  public ScalarType<T> unquoted() {
    return new ScalarType<>(title, parser, shower, false);
  }

  @Override
  public Optional<T> read(Node node, Place at) {
    if (!(node instanceof ScalarNode scalar)) {
      return at.refuse("must be a single value (" + title + ")");
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      return at.refuse("has no value; write one or leave the key out");
    }
    return resolved(scalar.getValue(), at).flatMap(text -> parsed(text, scalar.getValue(), at));
  }

  @Override
  public Object show(T value) {
    return shower.apply(value);
  }

  private static Optional<String> resolved(String text, Place at) {
    try {
      return Optional.of(at.document().references().resolve(text));
    } catch (IllegalArgumentException e) {
      return at.refuse(e.getMessage());
    }
  }

  /** Messages quote the text as written, never what a reference in it stands for. */
  private Optional<T> parsed(String text, String written, Place at) {
    try {
      T value = parser.apply(text, at.document().references());
      if (open) {
        at.document().note(at.path(), text);
      }
      return Optional.of(value);
    } catch (IllegalArgumentException e) {
      return at.refuse(open ? e.getMessage() + ", not '" + written + "'" : e.getMessage());
    }
  }
}
