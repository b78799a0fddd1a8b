package io.twinberg.config;

import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Place;
import io.twinberg.config.yaml.ScalarType;
import io.twinberg.config.yaml.ValueType;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Globs as text with dots between levels, or as a list of levels for levels that hold dots
 * themselves.
 */
final class GlobType implements ValueType<NameGlob> {
  private static final ScalarType<NameGlob> TEXT =
      ScalarType.of("glob", NameGlob::parse, NameGlob::text);
  private static final ListType<NameGlob> LEVELS =
      ListType.of(
          ScalarType.of(
              "level", level -> new NameGlob(List.of(level)), glob -> glob.levels().get(0)));

  @Override
  public String title() {
    return TEXT.title();
  }

  @Override
  public Optional<NameGlob> read(Node node, Place at) {
    if (!(node instanceof SequenceNode)) {
      return TEXT.read(node, at);
    }
    return LEVELS
        .read(node, at)
        .map(levels -> levels.stream().flatMap(level -> level.levels().stream()).toList())
        .flatMap(levels -> levels.isEmpty() ? nothing(at) : Optional.of(new NameGlob(levels)));
  }

  @Override
  public Object show(NameGlob glob) {
    boolean dots = glob.levels().stream().anyMatch(level -> level.contains("."));
    return dots ? glob.levels() : TEXT.show(glob);
  }

  private static Optional<NameGlob> nothing(Place at) {
    at.problem("must be a glob of at least one level");
    return Optional.empty();
  }
}
