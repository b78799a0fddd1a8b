package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Problem;
import io.twinberg.config.yaml.References;
import io.twinberg.config.yaml.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A rule in a file of its own, as YAML or JSON; every value is text, as in the configuration. */
final class RuleFile {
  private RuleFile() {}

  static ObjectNode read(Path file) {
    Document document = new Document(file.toString(), References.none());
    Node root =
        YamlText.compose(text(file), document)
            .orElseThrow(() -> new UsageException(problem(document, file)));
    if (json(root) instanceof ObjectNode rule) {
      return rule;
    }
    throw new UsageException(file + " must hold the keys of a rule, such as destinations: [eu]");
  }

  private static String problem(Document document, Path file) {
    return document.problems().stream()
        .findFirst()
        .map((Problem problem) -> problem.render(file.toString()))
        .orElse(file + " cannot be read");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UsageException(file + " cannot be read: " + e);
    }
  }

  private static JsonNode json(Node node) {
    if (node instanceof MappingNode mapping) {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      for (NodeTuple tuple : mapping.getValue()) {
        object.set(json(tuple.getKeyNode()).asText(), json(tuple.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      sequence.getValue().forEach(item -> array.add(json(item)));
      return array;
    }
    return node.getTag().equals(Tag.NULL)
        ? JsonNodeFactory.instance.nullNode()
        : JsonNodeFactory.instance.textNode(((ScalarNode) node).getValue());
  }
}
