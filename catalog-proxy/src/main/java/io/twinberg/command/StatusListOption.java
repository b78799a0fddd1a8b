package io.twinberg.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which replicas a list shows beside those of an end and a state, and in which order. */
final class StatusListOption {
  private static final String LEVELS = "\u001f";

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description = "Only tables of this namespace, such as sales.eu.")
  private @Nullable String namespace;

  @Option(
      names = "--name-prefix",
      paramLabel = "TEXT",
      description = "Only tables whose names begin so.")
  private @Nullable String prefix;

  @Option(
      names = "--name-contains",
      paramLabel = "TEXT",
      description = "Only tables whose names hold this.")
  private @Nullable String part;

  @Option(
      names = "--lifecycle",
      paramLabel = "WORD",
      description = "Only replicas that are active, source-dropped, unmatched or archived.")
  private @Nullable String lifecycle;

  @Option(
      names = "--min-lag",
      paramLabel = "DURATION",
      description = "Only replicas that have lacked a version for as long, such as 15m.")
  private @Nullable String minLag;

  @Option(names = "--paused", description = "Only paused replicas.")
  private boolean paused;

  @Option(names = "--needs-person", description = "Only replicas that somebody has to look after.")
  private boolean needsPerson;

  @Option(
      names = "--sort",
      paramLabel = "WORD",
      description = "By name, state, lag or lastApplied; by name if left out.")
  private @Nullable String sort;

  @Option(names = "--desc", description = "The other way round.")
  private boolean descending;

  /** The parameters of the API's list, without its order. */
  Map<String, String> parameters() {
    Map<String, String> parameters = new LinkedHashMap<>();
    put(parameters, "namespace", namespace == null ? null : levels(namespace));
    put(parameters, "tablePrefix", prefix);
    put(parameters, "tableContains", part);
    put(parameters, "lifecycle", lifecycle);
    put(parameters, "minLag", minLag);
    put(parameters, "paused", paused ? "true" : null);
    put(parameters, "needsPerson", needsPerson ? "true" : null);
    return parameters;
  }

  StatusOrder order() {
    return new StatusOrder(Optional.ofNullable(sort), descending);
  }

  /** A dot inside a level is written %2E, as in the name of a table. */
  private static String levels(String dotted) {
    return String.join(LEVELS, TableName.levels(dotted));
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }
}
