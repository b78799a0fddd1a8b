package io.twinberg.proxy.access;

import io.twinberg.proxy.capture.MutationRoute;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.catalog.ServedCatalog;

/**
 * The check in front of catalogs that Twinberg answers for itself, or as itself. A source that gets
 * the callers' own credentials decides alone and stands behind no such check.
 */
public final class GuardedCatalog implements ServedCatalog {
  private final String name;
  private final ServedCatalog next;

  /** Lets through what the caller's grants on {@code name} allow. */
  public GuardedCatalog(String name, ServedCatalog next) {
    this.name = name;
    this.next = next;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    boolean writes = writes(call);
    Caller caller = call.caller();
    boolean may = writes ? caller.access().mayWrite(name) : caller.access().mayRead(name);
    if (!may) {
      throw refusal(caller, writes ? "write" : "read");
    }
    return next.answer(call);
  }

  /** A signature may be for writing an object, so it needs the same grant as a commit. */
  private static boolean writes(CatalogCall call) {
    boolean signs = call.path().endsWith("/sign") || call.path().contains("/s3sign/");
    return signs || MutationRoute.of(call.method(), call.path()).isPresent();
  }

  private RefusedException refusal(Caller caller, String grant) {
    if (caller.name().equals(AccessPolicy.ANONYMOUS)) {
      return new RefusedException(
          Reason.NOT_AUTHORIZED,
          "Catalog %s needs a token: set the client's 'token' to one of Twinberg's."
              .formatted(name));
    }
    return new RefusedException(
        Reason.FORBIDDEN,
        "The token %s lacks the grant %s:%s.".formatted(caller.name(), grant, name));
  }
}
