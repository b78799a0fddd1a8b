package io.twinberg.config;

import io.twinberg.config.yaml.ScalarType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.catalog.Namespace;

/**
 * How a destination names the namespaces of its replicas: a template of {@code {namespace}}, {@code
 * {source}}, text, and dots between levels. The levels of a namespace stay levels; text that
 * touches {@code {namespace}} joins its first or last level.
 */
public record NamespaceMapping(String template) {
  static final ScalarType<NamespaceMapping> TYPE =
      ScalarType.of("template", NamespaceMapping::new, NamespaceMapping::template);

  private static final Pattern TOKEN = Pattern.compile("\\{[^{}]*}|\\.|[^{}.]+|[{}]");
  private static final String SOURCE = "{source}";
  private static final String NAMESPACE = "{namespace}";

  /** Every namespace keeps its name. */
  static final NamespaceMapping SAME = new NamespaceMapping(NAMESPACE);

  public NamespaceMapping {
    if (render(template, "s", List.of("n")).contains("")) {
      throw new IllegalArgumentException("must be a template without empty levels");
    }
  }

  /** The namespace at the destination. */
  public Namespace apply(String source, Namespace namespace) {
    List<String> levels = render(template, source, List.of(namespace.levels()));
    // Tables of the empty namespace leave the level of {namespace} empty.
    return Namespace.of(levels.stream().filter(level -> !level.isEmpty()).toArray(String[]::new));
  }

  private static List<String> render(String template, String source, List<String> namespace) {
    List<String> levels = new ArrayList<>(List.of(""));
    Matcher tokens = TOKEN.matcher(template);
    while (tokens.find()) {
      String token = tokens.group();
      switch (token) {
        case "." -> levels.add("");
        case SOURCE -> extend(levels, source);
        case NAMESPACE -> append(levels, namespace);
        default -> extend(levels, literal(token));
      }
    }
    return levels;
  }

  private static void append(List<String> levels, List<String> namespace) {
    if (!namespace.isEmpty()) {
      extend(levels, namespace.get(0));
      levels.addAll(namespace.subList(1, namespace.size()));
    }
  }

  private static void extend(List<String> levels, String text) {
    int last = levels.size() - 1;
    levels.set(last, levels.get(last) + text);
  }

  private static String literal(String token) {
    if (token.contains("{") || token.contains("}")) {
      throw new IllegalArgumentException("must be a template of {namespace}, {source} and text");
    }
    return token;
  }
}
