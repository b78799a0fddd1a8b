package io.twinberg.proxy.guard;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.guard.RouteGuard.Admitted;
import io.twinberg.proxy.oauth.TokenEndpoint;

/**
 * The check in front of catalogs that Twinberg answers for itself, or as itself; it issues their
 * tokens, too. A source that gets the callers' own credentials decides alone and stands behind no
 * such check.
 */
public final class GuardedCatalog implements ServedCatalog {
  private final String name;
  private final ServedCatalog tokens;
  private final ServedCatalog next;
  private final RouteGuard guard;

  /** Lets through what the caller's grants on {@code name} allow. */
  public GuardedCatalog(String name, CatalogKind kind, ServedCatalog tokens, ServedCatalog next) {
    this.name = name;
    this.tokens = tokens;
    this.next = next;
    this.guard = new RouteGuard(name, kind);
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    if (call.path().equals(TokenEndpoint.PATH)) {
      return tokens.answer(call);
    }
    call.caller()
        .attempt()
        .demandKnown(
            "Catalog %s needs a token: set the client's 'token' or 'credential' to one of Twinberg's."
                .formatted(name));
    Admitted admitted = guard.admit(call);
    return admitted.filtered()
        ? new GrantedListing(name, call.caller().access()).answer(admitted.call(), next)
        : next.answer(admitted.call());
  }
}
