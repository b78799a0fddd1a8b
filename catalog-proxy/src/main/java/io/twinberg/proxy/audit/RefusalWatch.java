package io.twinberg.proxy.audit;

import io.twinberg.proxy.access.BlockedException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.proxy.oauth.TokenEndpoint;
import java.util.Set;

/**
 * A catalog whose refusals are counted for the audit: those of Twinberg itself, because of who
 * calls. These are thrown, but for the token endpoint's; what is answered besides, such as 403 to a
 * write at replicas or by an upstream, would be the same whoever calls.
 */
public final class RefusalWatch implements ServedCatalog {
  private static final Set<Integer> REFUSALS = Set.of(401, 403, 429);

  private final String target;
  private final RefusedCalls refused;
  private final ServedCatalog next;

  /**
   * Watches {@code next}.
   *
   * @param target what it is called in the audit
   */
  public RefusalWatch(String target, RefusedCalls refused, ServedCatalog next) {
    this.target = target;
    this.refused = refused;
    this.next = next;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    try {
      CatalogAnswer answer = next.answer(call);
      if (call.path().equals(TokenEndpoint.PATH)) {
        count(call, answer.status());
      }
      return answer;
    } catch (RefusedException | BlockedException e) {
      count(call, IcebergErrors.of(e).status());
      throw e;
    }
  }

  private void count(CatalogCall call, int status) {
    if (REFUSALS.contains(status)) {
      refused.count(RefusedCall.of(call.caller(), target, status), call.method(), call.path());
    }
  }
}
