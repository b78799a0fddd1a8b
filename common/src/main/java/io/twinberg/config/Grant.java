package io.twinberg.config;

import io.twinberg.config.yaml.ScalarType;

/** What a token allows, written {@code action:subject}. */
public sealed interface Grant {
  /** The type of keys that hold grants. */
  ScalarType<Grant> TYPE = ScalarType.of("grant", Grant::parse, Grant::text);

  /** Commit to a catalog, and read it. */
  record Write(String catalog) implements Grant {}

  /** Read a catalog. */
  record Read(String catalog) implements Grant {}

  /** Use the management API. */
  record Manage(Role role) implements Grant {}

  /** How far a grant to manage goes; each role includes those before it. */
  enum Role {
    VIEWER,
    OPERATOR,
    ADMIN
  }

  /** The grant as it is written in the file. */
  default String text() {
    if (this instanceof Write write) {
      return "write:" + write.catalog();
    }
    return this instanceof Read read
        ? "read:" + read.catalog()
        : "manage:" + Types.word(((Manage) this).role());
  }

  /** Reads {@code write:<catalog>}, {@code read:<catalog>} or {@code manage:<role>}. */
  static Grant parse(String text) {
    int colon = text.indexOf(':');
    String action = colon < 0 ? "" : text.substring(0, colon);
    String subject = text.substring(colon + 1);
    if (action.equals("manage")) {
      for (Role role : Role.values()) {
        if (Types.word(role).equals(subject)) {
          return new Manage(role);
        }
      }
    } else if (Types.isName(subject) && action.equals("write")) {
      return new Write(subject);
    } else if (Types.isName(subject) && action.equals("read")) {
      return new Read(subject);
    }
    throw new IllegalArgumentException(
        "must be write:<catalog>, read:<catalog> or manage:<viewer, operator or admin>");
  }
}
