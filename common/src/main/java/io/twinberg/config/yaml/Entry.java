package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One key of a section with its place and its value. */
record Entry(Place place, Node value) {

  /** The entries of a section; a section that is written without content has none. */
  static Optional<List<Entry>> of(Node node, Place at) {
    if (node.getTag().equals(Tag.NULL)) {
      return Optional.of(List.of());
    }
    return node instanceof MappingNode mapping
        ? Optional.of(entries(mapping, at))
        : at.refuse("must be a section of keys");
  }

  private static List<Entry> entries(MappingNode mapping, Place at) {
    List<Entry> entries = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        at.document().report(new Problem(line, at.path(), "a key must be plain text"));
        continue;
      }
      Place place = at.key(key.getValue(), line);
      @Nullable Integer before = seen.putIfAbsent(key.getValue(), line);
      if (before == null) {
        entries.add(new Entry(place, tuple.getValueNode()));
      } else {
        place.problem("duplicate key; it stands in line " + before + " already");
      }
    }
    return entries;
  }
}
