package io.twinberg.config;

import io.twinberg.config.yaml.Key;
import io.twinberg.config.yaml.KeyRow;
import io.twinberg.config.yaml.ListType;
import io.twinberg.config.yaml.Place;
import io.twinberg.config.yaml.ScalarType;
import io.twinberg.config.yaml.Schema;
import io.twinberg.config.yaml.ValueType;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/** The word {@code all}, or a section that lists branches and tags. */
final class RefSelectionType implements ValueType<RefSelection> {
  /** The one thing that a word can say. */
  private enum Word {
    ALL
  }

  private static final ScalarType<Word> WORD = Types.choice(Word.class);
  private static final ValueType<NameGlob> PATTERN =
      ScalarType.of(
          "pattern", name -> new NameGlob(List.of(name)), pattern -> pattern.levels().get(0));
  private static final Key<RefSelection.Named, List<NameGlob>> BRANCHES =
      Key.of("branches", ListType.of(PATTERN), "[]", RefSelection.Named::branches);
  private static final Key<RefSelection.Named, List<NameGlob>> TAGS =
      Key.of("tags", ListType.of(PATTERN), "[]", RefSelection.Named::tags);
  private static final Schema<RefSelection.Named> NAMED =
      new Schema<>(
          section -> new RefSelection.Named(section.get(BRANCHES), section.get(TAGS)),
          BRANCHES,
          TAGS);

  @Override
  public String title() {
    return WORD.title() + " or section";
  }

  @Override
  public Optional<RefSelection> read(Node node, Place at) {
    return node instanceof ScalarNode
        ? WORD.read(node, at).map(word -> new RefSelection.All())
        : NAMED.read(node, at).map(named -> named);
  }

  @Override
  public Object show(RefSelection refs) {
    return refs instanceof RefSelection.Named named ? NAMED.show(named) : WORD.show(Word.ALL);
  }

  @Override
  public List<KeyRow> rows(String path) {
    return NAMED.rows(path);
  }
}
