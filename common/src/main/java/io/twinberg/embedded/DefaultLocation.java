package io.twinberg.embedded;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Where tables and views go that come without a location.
 *
 * <p>Folders are made of characters that every store and every engine's URI parser leaves alone,
 * and end in a random part, so that a table never shares the folder of a renamed or dropped one.
 */
final class DefaultLocation {
  private static final int LONGEST_FOLDER = 100;
  private static final int RANDOM_DIGITS = 12;

  private DefaultLocation() {}

  static String of(String warehouse, Namespace namespace) {
    return Stream.concat(
            Stream.of(warehouse), Arrays.stream(namespace.levels()).map(DefaultLocation::folder))
        .collect(Collectors.joining("/"));
  }

  static String of(String warehouse, TableIdentifier table) {
    String random = UUID.randomUUID().toString().replace("-", "").substring(0, RANDOM_DIGITS);
    return of(warehouse, table.namespace()) + "/" + folder(table.name()) + "-" + random;
  }

  private static String folder(String name) {
    StringBuilder folder = new StringBuilder();
    for (byte unit : name.getBytes(StandardCharsets.UTF_8)) {
      boolean leadingDot = unit == '.' && folder.isEmpty();
      folder.append(isPlain(unit) && !leadingDot ? (char) unit : escape(unit));
    }
    return folder.substring(0, Math.min(LONGEST_FOLDER, folder.length()));
  }

  private static boolean isPlain(byte unit) {
    return (unit >= 'a' && unit <= 'z')
        || (unit >= 'A' && unit <= 'Z')
        || (unit >= '0' && unit <= '9')
        || unit == '_'
        || unit == '-'
        || unit == '.';
  }

  private static String escape(byte unit) {
    return String.format(Locale.ROOT, "~%02X", unit);
  }
}
