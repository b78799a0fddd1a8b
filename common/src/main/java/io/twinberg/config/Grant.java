package io.twinberg.config;

import io.twinberg.config.yaml.ScalarType;
import java.util.List;
import java.util.Optional;

/** What a token allows, written {@code action:subject}. */
public sealed interface Grant {
  /** The type of keys that hold grants. */
  ScalarType<Grant> TYPE = ScalarType.of("grant", Grant::parse, Grant::text);

  /** A grant on a catalog, or on the namespaces of it that a glob covers. */
  sealed interface OnCatalog extends Grant {
    String catalog();

    /** The namespaces, each with everything below it; absent for the whole catalog. */
    Optional<NameGlob> namespaces();

    @Override
    default String text() {
      String action = this instanceof Write ? "write:" : "read:";
      return action + catalog() + namespaces().map(glob -> "/" + glob.text()).orElse("");
    }
  }

  /** Commit to a catalog, and read it. */
  record Write(String catalog, Optional<NameGlob> namespaces) implements OnCatalog {
    /** Of the whole catalog. */
    public Write(String catalog) {
      this(catalog, Optional.empty());
    }
  }

  /** Read a catalog. */
  record Read(String catalog, Optional<NameGlob> namespaces) implements OnCatalog {
    /** Of the whole catalog. */
    public Read(String catalog) {
      this(catalog, Optional.empty());
    }
  }

  /** Use the management API. */
  record Manage(Role role) implements Grant {
    @Override
    public String text() {
      return "manage:" + role.word();
    }
  }

  /** How far a grant to manage goes; each role includes those before it. */
  enum Role {
    /** May look. */
    VIEWER,
    /** May act on what exists. */
    OPERATOR,
    /** May change what is replicated and who may do so. */
    ADMIN;

    /** The role as it is written. */
    public String word() {
      return Types.word(this);
    }
  }

  /** The grant as it is written in the file. */
  String text();

  /**
   * Reads {@code write:<catalog>}, {@code read:<catalog>}, either with {@code /<namespace glob>},
   * or {@code manage:<role>}.
   *
   * @throws IllegalArgumentException for anything else
   */
  static Grant parse(String text) {
    int colon = text.indexOf(':');
    String subject = text.substring(colon + 1);
    return switch (colon < 0 ? "" : text.substring(0, colon)) {
      case "manage" -> new Manage(role(subject));
      case "write" -> new Write(catalog(subject), namespaces(subject));
      case "read" -> new Read(catalog(subject), namespaces(subject));
      default -> throw unknown();
    };
  }

  /** Whether one of the grants is that of an administrator. */
  static boolean administers(List<Grant> grants) {
    return grants.contains(new Manage(Role.ADMIN));
  }

  /** The catalog that a grant names; empty for other grants and for what is none. */
  static Optional<String> catalogIn(String text) {
    try {
      return parse(text) instanceof OnCatalog grant
          ? Optional.of(grant.catalog())
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Role role(String name) {
    for (Role role : Role.values()) {
      if (role.word().equals(name)) {
        return role;
      }
    }
    throw unknown();
  }

  private static String catalog(String subject) {
    int slash = subject.indexOf('/');
    String name = slash < 0 ? subject : subject.substring(0, slash);
    if (!Types.isName(name)) {
      throw unknown();
    }
    return name;
  }

  private static Optional<NameGlob> namespaces(String subject) {
    int slash = subject.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(NameGlob.parse(subject.substring(slash + 1)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("behind the slash it " + e.getMessage(), e);
    }
  }

  private static IllegalArgumentException unknown() {
    return new IllegalArgumentException(
        "must be write:<catalog> or read:<catalog>, either with /<namespace glob>,"
            + " or manage:<viewer, operator or admin>");
  }
}
