package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.Caller.ManagementRole;
import java.util.Locale;

/** One thing that a token allows. */
public sealed interface Grant {
  /** The catalog may be read. */
  record Read(String catalog) implements Grant {}

  /** The catalog may be read and changed. */
  record Write(String catalog) implements Grant {}

  /** The management API may be used in a role, and in the lesser ones. */
  record Manage(ManagementRole role) implements Grant {}

  /**
   * Reads {@code read:<catalog>}, {@code write:<catalog>} or {@code manage:<role>}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Grant parse(String text) {
    String[] parts = text.split(":", 2);
    if (parts.length == 2 && !parts[1].isEmpty()) {
      switch (parts[0]) {
        case "read":
          return new Read(parts[1]);
        case "write":
          return new Write(parts[1]);
        case "manage":
          return new Manage(role(text, parts[1]));
        default:
      }
    }
    throw unknown(text);
  }

  private static ManagementRole role(String text, String name) {
    for (ManagementRole role : ManagementRole.values()) {
      if (role.name().toLowerCase(Locale.ROOT).equals(name)) {
        return role;
      }
    }
    throw unknown(text);
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "'%s' is no grant; use read:<catalog>, write:<catalog> or manage:viewer|operator|admin"
            .formatted(text));
  }
}
