package io.twinberg.command;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What Prometheus gets of a server, in its text format. */
record Scrape(String text) {
  private static final Pattern TYPE = Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("[{,]([a-z_]+)=\"([^\"]*)\"");

  /** The names of all metrics, with those that histograms and summaries consist of. */
  Set<String> names() {
    Set<String> names = new TreeSet<>();
    Matcher type = TYPE.matcher(text);
    while (type.find()) {
      names.add(type.group(1));
      boolean histogram = type.group(2).equals("histogram");
      if (histogram || type.group(2).equals("summary")) {
        names.add(type.group(1) + "_count");
        names.add(type.group(1) + "_sum");
      }
      if (histogram) {
        names.add(type.group(1) + "_bucket");
      }
    }
    return names;
  }

  private String series(String metric) {
    return text.lines()
        .filter(line -> line.startsWith(metric + "{"))
        .collect(Collectors.joining("\n"));
  }

  /** The names of the labels that a metric has. */
  Set<String> labels(String metric) {
    return LABEL
        .matcher(series(metric))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The values that a label of a metric has. */
  Set<String> values(String metric, String label) {
    return LABEL
        .matcher(series(metric))
        .results()
        .filter(found -> found.group(1).equals(label))
        .map(found -> found.group(2))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
