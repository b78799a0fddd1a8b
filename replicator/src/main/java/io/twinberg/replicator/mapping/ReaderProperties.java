package io.twinberg.replicator.mapping;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Properties of namespaces and views as readers of a destination see them: nothing in them leads to
 * the source's store.
 */
public final class ReaderProperties {
  private static final String LOCATION = "location";
  private static final Pattern STORE =
      Pattern.compile(
          "(s3|s3a|s3n|gs|abfs|abfss|wasb|wasbs|adl|oss|hdfs|viewfs|file):.*",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  private ReaderProperties() {}

  /** A location becomes the destination's; other values that are locations are left out. */
  public static Map<String, String> of(Map<String, String> source, String location) {
    Map<String, String> kept = new HashMap<>(source);
    kept.replaceAll((key, value) -> key.equals(LOCATION) ? location : value);
    kept.entrySet()
        .removeIf(
            property -> !property.getKey().equals(LOCATION) && isLocation(property.getValue()));
    return kept;
  }

  /** The same for properties that stand in JSON, in their order. */
  public static ObjectNode of(ObjectNode source, String location) {
    ObjectNode kept = source.objectNode();
    source
        .properties()
        .forEach(
            property -> {
              if (property.getKey().equals(LOCATION)) {
                kept.put(LOCATION, location);
              } else if (!isLocation(property.getValue().asText(""))) {
                kept.set(property.getKey(), property.getValue());
              }
            });
    return kept;
  }

  private static boolean isLocation(String value) {
    return STORE.matcher(value.strip()).matches();
  }
}
