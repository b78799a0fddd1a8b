package io.twinberg.proxy.oauth;

import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.AccessPolicy.Exchange;
import io.twinberg.proxy.access.AccessToken;
import io.twinberg.proxy.access.Client;
import io.twinberg.proxy.access.TooManyFailures;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Answers {@code oauth/tokens}: access tokens for those who know one of Twinberg's secrets. */
public final class TokenEndpoint implements ServedCatalog {
  /** The path of the endpoint in every catalog. */
  public static final String PATH = "v1/oauth/tokens";

  private static final int BODY_LIMIT = 64 * 1024;

  private final AccessPolicy policy;

  /** Issues tokens by a policy. */
  public TokenEndpoint(AccessPolicy policy) {
    this.policy = policy;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    if (!call.method().equals("POST")) {
      throw new RefusedException(
          Reason.METHOD_NOT_ALLOWED, "Tokens are asked for with POST, not " + call.method());
    }
    String address = call.caller().address();
    try {
      AccessToken token = issue(call, body(call));
      return policy
          .blockedFor(address, token)
          .map(TokenEndpoint::tooMany)
          .orElseGet(() -> OAuthAnswers.issued(token));
    } catch (OAuthProblem problem) {
      return policy
          .blockedFor(address)
          .map(TokenEndpoint::tooMany)
          .orElseGet(() -> refused(problem, address));
    }
  }

  private static CatalogAnswer tooMany(Duration wait) {
    return TooManyFailures.withWait(OAuthAnswers.tooMany(), wait);
  }

  private CatalogAnswer refused(OAuthProblem problem, String address) {
    if (problem.isGuess()) {
      policy.countFailure(address);
    }
    return OAuthAnswers.refused(problem);
  }

  /**
   * The answer to a request with a credential that is ours, empty for every other, and for all that
   * a blocked address sends whose token was not let in from there before.
   */
  Optional<CatalogAnswer> ours(CatalogCall call, byte[] body) {
    if (policy.isOpen()) {
      return Optional.empty();
    }
    String address = call.caller().address();
    try {
      AccessToken token = issue(call, body);
      return policy.blockedFor(address, token).isPresent()
          ? Optional.empty()
          : Optional.of(OAuthAnswers.issued(token));
    } catch (OAuthProblem problem) {
      return problem.isOurs() && policy.blockedFor(address).isEmpty()
          ? Optional.of(OAuthAnswers.refused(problem))
          : Optional.empty();
    }
  }

  private AccessToken issue(CatalogCall call, byte[] body) throws OAuthProblem {
    TokenRequest request = TokenRequest.of(TokenForm.of(body), call.header("Authorization"));
    return request instanceof TokenRequest.ForToken forToken
        ? exchanged(forToken, call.caller().address())
        : issued(((TokenRequest.ForSecret) request).readings(), call.caller().address());
  }

  private AccessToken issued(List<Client> readings, String address) throws OAuthProblem {
    if (readings.isEmpty() && !policy.isOpen()) {
      throw OAuthProblem.missingClient();
    }
    return readings.stream()
        .flatMap(client -> policy.issue(client, address).stream())
        .findFirst()
        .or(() -> policy.anonymous())
        .orElseThrow(OAuthProblem::unknownClient);
  }

  private AccessToken exchanged(TokenRequest.ForToken request, String address) throws OAuthProblem {
    if (request.readings().isEmpty()) {
      return token(policy.exchange(request.subject(), address));
    }
    for (Client client : request.readings()) {
      if (policy.exchange(request.subject(), client, address) instanceof Exchange.Issued issued) {
        return issued.token();
      }
    }
    throw OAuthProblem.unknownClient();
  }

  private static AccessToken token(Exchange exchange) throws OAuthProblem {
    if (exchange instanceof Exchange.Issued issued) {
      return issued.token();
    }
    throw refusal(exchange);
  }

  private static OAuthProblem refusal(Exchange exchange) {
    if (exchange instanceof Exchange.Expired) {
      return OAuthProblem.expiredToken();
    }
    return exchange instanceof Exchange.Foreign
        ? OAuthProblem.foreignToken()
        : OAuthProblem.unknownToken();
  }

  /** The body of a token request, which is small. */
  static byte[] body(CatalogCall call) {
    try {
      byte[] body = call.body().readNBytes(BODY_LIMIT + 1);
      if (body.length > BODY_LIMIT) {
        throw new RefusedException(
            Reason.TOO_LARGE, "A token request is at most " + BODY_LIMIT + " bytes long");
      }
      return body;
    } catch (IOException e) {
      throw new RefusedException(Reason.BAD_REQUEST, "The request's body broke off.");
    }
  }
}
