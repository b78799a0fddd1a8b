package io.twinberg.command;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An expression of Prometheus' query language, as far as alerts and dashboard use it. */
record PromExpression(String text) {
  private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) ?\\(([^)]*)\\)");
  private static final Pattern METRIC =
      Pattern.compile(
          "\\b([a-z][a-z0-9]*(?:_[a-z0-9]+)+|replicas|gaps)\\b(?! ?\\()(?:\\{([^}]*)})?");
  private static final Pattern MATCHER = Pattern.compile("([a-z_]+) *(=~|!~|!=|=) *\"([^\"]*)\"");

  /** What a label of a selector is to be; none for a variable of the dashboard. */
  record Wanted(String label, List<String> values) {}

  /** A metric, with what is wanted of its labels. */
  record Selector(String metric, List<Wanted> wanted) {}

  /** All metrics of the expression. */
  List<Selector> selectors() {
    return METRIC
        .matcher(GROUPING.matcher(text).replaceAll(""))
        .results()
        .map(found -> new Selector(found.group(1), wanted(found.group(2))))
        .toList();
  }

  private static List<Wanted> wanted(String labels) {
    return MATCHER
        .matcher(labels == null ? "" : labels)
        .results()
        .map(found -> new Wanted(found.group(1), values(found.group(2), found.group(3))))
        .toList();
  }

  private static List<String> values(String operator, String value) {
    boolean pattern = operator.endsWith("~");
    return (pattern ? Arrays.stream(value.split("\\|")) : Stream.of(value))
        .filter(one -> !one.startsWith("$"))
        .toList();
  }

  /** The labels that its series are grouped by or joined on. */
  Set<String> groupings() {
    Matcher grouping = GROUPING.matcher(text);
    return grouping
        .results()
        .flatMap(found -> Arrays.stream(found.group(1).split(",")))
        .map(String::strip)
        .collect(Collectors.toSet());
  }
}
