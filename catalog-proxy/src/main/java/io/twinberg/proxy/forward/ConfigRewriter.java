package io.twinberg.proxy.forward;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes the upstream's {@code /v1/config} ours. Per key of {@code defaults} and {@code overrides}:
 *
 * <ul>
 *   <li>{@code prefix}: taken out, and ours put into the overrides;
 *   <li>{@code namespace-separator}: taken out, so that clients use the specification's default;
 *   <li>{@code uri} and {@code nessie.*-base-uri}: taken out, so that clients stay on the URI that
 *       they were given; what Nessie's own API offers is no matter of a catalog;
 *   <li>where calls go upstream as Twinberg, what {@link AuthSettings} says: taken out;
 *   <li>every other text value: as {@link Links} says.
 * </ul>
 *
 * Everything else ({@code endpoints}, {@code idempotency-key-lifetime}, unknown members) stays.
 */
final class ConfigRewriter {
  private static final Pattern DROPPED =
      Pattern.compile("prefix|namespace-separator|uri|nessie\\..*-base-uri");

  private ConfigRewriter() {}

  static void rewrite(ObjectNode config, Links links, boolean asTwinberg) {
    section(config, "defaults", links, asTwinberg);
    section(config, "overrides", links, asTwinberg);
    overrides(config).put("prefix", links.name());
  }

  private static ObjectNode overrides(ObjectNode config) {
    return config.get("overrides") instanceof ObjectNode present
        ? present
        : config.putObject("overrides");
  }

  private static void section(ObjectNode config, String name, Links links, boolean asTwinberg) {
    if (config.get(name) instanceof ObjectNode section) {
      List<String> keys = new ArrayList<>();
      section.fieldNames().forEachRemaining(keys::add);
      if (asTwinberg) {
        keys.stream().filter(AuthSettings::isOne).forEach(section::remove);
        keys.removeIf(AuthSettings::isOne);
      }
      keys.forEach(key -> entry(section, key, links));
    }
  }

  private static void entry(ObjectNode section, String key, Links links) {
    JsonNode value = section.get(key);
    if (DROPPED.matcher(key).matches()) {
      section.remove(key);
    } else if (value.isTextual()) {
      section.put(key, links.rewrite(key, value.textValue()));
    }
  }
}
