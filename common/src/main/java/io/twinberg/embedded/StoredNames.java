package io.twinberg.embedded;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;

/**
 * Names as Iceberg's JDBC catalog can store them.
 *
 * <p>It joins the levels of a namespace with dots and searches children with LIKE, so that {@code
 * [a.b]} would be {@code [a, b]}, and a backslash an escape. Both characters are stored as control
 * characters, which no name may contain; storing a stored name again changes nothing.
 */
final class StoredNames {
  private static final int LONGEST_NAMESPACE = 1000;
  private static final int LONGEST_NAME = 500;
  private static final char DOT = '\u001f';
  private static final char BACKSLASH = '\u001e';

  private StoredNames() {}

  static Namespace stored(Namespace namespace) {
    return map(namespace, level -> level.replace('.', DOT).replace('\\', BACKSLASH));
  }

  static TableIdentifier stored(TableIdentifier identifier) {
    return TableIdentifier.of(stored(identifier.namespace()), identifier.name());
  }

  /** The namespace column's value. */
  static String column(Namespace namespace) {
    return String.join(".", stored(namespace).levels());
  }

  static Namespace named(Namespace stored) {
    return map(stored, level -> level.replace(DOT, '.').replace(BACKSLASH, '\\'));
  }

  /** Refuses names that cannot be stored faithfully. */
  static void require(Namespace namespace) {
    if (namespace.isEmpty() || namespace.toString().length() > LONGEST_NAMESPACE) {
      throw new BadRequestException(
          "A namespace must have 1 to %s characters: %s", LONGEST_NAMESPACE, namespace);
    }
    Arrays.stream(namespace.levels()).forEach(level -> require("namespace level", level));
  }

  /** Refuses names that cannot be stored faithfully. */
  static void require(TableIdentifier identifier) {
    require(identifier.namespace());
    require("name", identifier.name());
  }

  private static void require(String what, String name) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new BadRequestException("A %s must have 1 to %s characters", what, LONGEST_NAME);
    }
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw new BadRequestException("A %s must have no control characters", what);
    }
  }

  private static Namespace map(Namespace namespace, UnaryOperator<String> change) {
    return Namespace.of(Arrays.stream(namespace.levels()).map(change).toArray(String[]::new));
  }
}
