package io.twinberg.command.check;

import io.twinberg.config.AccessConfig;
import io.twinberg.config.Grant;
import io.twinberg.config.TokenConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Checks that somebody may use each catalog and the management API, and says who. */
public final class GrantCheck {
  private static final String CHECK = "grants";

  private final Optional<AccessConfig> access;

  /**
   * @param access the tokens; empty where everyone who reaches the listeners may do everything
   */
  public GrantCheck(Optional<AccessConfig> access) {
    this.access = access;
  }

  /**
   * Who may use a catalog whose callers Twinberg checks itself.
   *
   * @param written whether commits go there
   */
  public Finding catalog(String subject, String name, boolean written) {
    if (access.isEmpty()) {
      return open(subject);
    }
    List<String> readers = holders(grant -> mayRead(grant, name));
    List<String> writers = holders(grant -> mayWrite(grant, name));
    String detail = "read by " + words(readers) + (written ? ", written by " + words(writers) : "");
    return readers.isEmpty() || (written && writers.isEmpty())
        ? Finding.warn(
            subject, CHECK, detail + "; give a token 'read:" + name + "' or 'write:" + name + "'")
        : Finding.ok(subject, CHECK, detail);
  }

  /** Who may use the management API. */
  public Finding management() {
    if (access.isEmpty()) {
      return open("management");
    }
    List<String> managers = holders(Grant.Manage.class::isInstance);
    return managers.isEmpty()
        ? Finding.warn(
            "management", CHECK, "nobody may use it; give a token 'manage:viewer' or more")
        : Finding.ok("management", CHECK, "used by " + words(managers));
  }

  private static Finding open(String subject) {
    return Finding.ok(subject, CHECK, "open to everyone on this machine (no 'access')");
  }

  private static boolean mayRead(Grant grant, String catalog) {
    return (grant instanceof Grant.Read read && read.catalog().equals(catalog))
        || mayWrite(grant, catalog);
  }

  private static boolean mayWrite(Grant grant, String catalog) {
    return grant instanceof Grant.Write write && write.catalog().equals(catalog);
  }

  private List<String> holders(Predicate<Grant> allows) {
    List<String> holders = new ArrayList<>();
    for (TokenConfig token : access.orElseThrow().tokens()) {
      if (token.grants().stream().anyMatch(allows)) {
        holders.add(token.name());
      }
    }
    return holders;
  }

  private static String words(List<String> names) {
    return names.isEmpty() ? "nobody" : String.join(", ", names);
  }
}
