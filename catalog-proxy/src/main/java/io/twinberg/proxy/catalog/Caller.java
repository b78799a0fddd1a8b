package io.twinberg.proxy.catalog;

import io.twinberg.config.Grant;
import java.util.List;

/**
 * Who calls, as far as Twinberg's own tokens tell.
 *
 * @param name the token's name, or {@code anonymous}
 * @param access what Twinberg's own grants allow the caller
 * @param attempt how the caller tried to make itself known
 * @param address the address at the other end of the connection
 */
public record Caller(String name, Access access, Attempt attempt, String address) {
  /** What a caller may do at served catalogs. */
  public interface Access {
    /** Whether the caller holds any grant on the catalog. */
    boolean mayEnter(String catalog);

    /** Whether the caller may read the whole catalog. */
    boolean mayRead(String catalog);

    /** Whether the caller may change the whole catalog. */
    boolean mayWrite(String catalog);

    /** Whether the caller may read a namespace of the catalog, and everything below it. */
    boolean mayRead(String catalog, List<String> namespace);

    /** Whether the caller may change a namespace of the catalog, and everything below it. */
    boolean mayWrite(String catalog, List<String> namespace);

    /** Whether the caller may read the namespace, or possibly one below it. */
    boolean maySee(String catalog, List<String> namespace);

    /** Whether the caller may use the management API in a role. */
    boolean mayManage(Grant.Role role);
  }

  /** The credential that came with a call. It counts where Twinberg asks for it, not before. */
  @FunctionalInterface
  public interface Attempt {
    /**
     * Lets callers pass whose credential is known.
     *
     * @param otherwise what to tell callers that sent none
     * @throws RefusedException when it is not known, has expired, or none was sent
     * @throws AnsweredException when this address has failed too often
     */
    void demandKnown(String otherwise);
  }
}
