package io.twinberg.proxy.oauth;

import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.io.ByteArrayInputStream;
import java.util.Set;

/**
 * Issues tokens where a client names no catalog and the default source has its own token endpoint:
 * a credential of Twinberg's is answered for by Twinberg, any other goes on untouched. So engines
 * that know nothing but a credential can read replicas through the bare URI, too.
 */
public final class OwnTokensFirst implements ServedCatalog {
  private static final Set<Integer> REFUSALS = Set.of(400, 401, 403);

  private final AccessPolicy policy;
  private final TokenEndpoint ours;
  private final ServedCatalog source;

  /** Answers for {@code policy}, and asks {@code source} for the rest. */
  public OwnTokensFirst(AccessPolicy policy, ServedCatalog source) {
    this.policy = policy;
    this.ours = new TokenEndpoint(policy);
    this.source = source;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    if (!call.method().equals("POST") || policy.isOpen()) {
      return source.answer(call);
    }
    String address = call.caller().address();
    byte[] body = TokenEndpoint.body(call);
    return ours.ours(call, body)
        .orElseGet(
            () -> counted(address, source.answer(call.withBody(new ByteArrayInputStream(body)))));
  }

  /** What neither of us knows may be a guess at ours. */
  private CatalogAnswer counted(String address, CatalogAnswer answer) {
    if (REFUSALS.contains(answer.status())) {
      policy.countFailure(address);
    }
    return answer;
  }
}
