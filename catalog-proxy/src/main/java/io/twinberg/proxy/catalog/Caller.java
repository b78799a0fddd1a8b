package io.twinberg.proxy.catalog;

/**
 * Who calls, as far as Twinberg's own tokens tell.
 *
 * @param name the token's name, or {@code anonymous}
 * @param access what Twinberg's own grants allow the caller
 */
public record Caller(String name, Access access) {
  /** What a caller may do at served catalogs. */
  public interface Access {
    /** Whether the caller may read the catalog. */
    boolean mayRead(String catalog);

    /** Whether the caller may change the catalog. */
    boolean mayWrite(String catalog);

    /** Whether the caller may at least look at the management API. */
    boolean mayManage(ManagementRole role);
  }

  /** Roles of the management API; a later one may do what an earlier one may. */
  public enum ManagementRole {
    /** May look. */
    VIEWER,
    /** May act on what exists. */
    OPERATOR,
    /** May change what is replicated and who may do so. */
    ADMIN
  }
}
