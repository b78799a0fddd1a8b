package io.twinberg.proxy.access;

import java.util.function.Predicate;

/**
 * How much may be done to find out whose a credential is.
 *
 * @param looksUp whether what is not known here may be looked for in the database
 * @param checks for the credentials of which names a signature may be checked
 */
record Effort(boolean looksUp, Predicate<String> checks) {
  /** Whatever it takes. */
  static final Effort FULL = new Effort(true, name -> true);

  /**
   * For an address that is blocked: what comes from there costs next to nothing.
   *
   * @param letIn whether the holder of a name was let in from there before
   */
  static Effort ofBlocked(Predicate<String> letIn) {
    return new Effort(false, letIn);
  }
}
