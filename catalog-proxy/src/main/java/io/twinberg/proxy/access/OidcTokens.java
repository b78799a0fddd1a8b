package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.oidc.JwtVerifier;
import io.twinberg.proxy.oidc.Verdict;
import java.util.Optional;

/** The JWTs of an OpenID Connect issuer. Fresh ones are to be had there, never from Twinberg. */
public final class OidcTokens implements Credentials {
  private final JwtVerifier verifier;

  /** The JWTs that a verifier lets pass. */
  public OidcTokens(JwtVerifier verifier) {
    this.verifier = verifier;
  }

  @Override
  public Optional<Identified> identify(String credential, Effort effort) {
    return verifier.verify(credential, effort.checks()).map(OidcTokens::identified);
  }

  private static Identified identified(Verdict verdict) {
    if (verdict instanceof Verdict.Accepted accepted) {
      return new Identified.Holder(accepted.name(), accepted.grants(), Optional.empty());
    }
    if (verdict instanceof Verdict.Powerless powerless) {
      return new Identified.Refused(Reason.FORBIDDEN, powerless.message(), false);
    }
    if (verdict instanceof Verdict.Unsure unsure) {
      return new Identified.Refused(Reason.BUSY, unsure.message(), false);
    }
    return verdict instanceof Verdict.Forged forged
        ? unauthorized(forged.message(), true)
        : unauthorized(((Verdict.Unfit) verdict).message(), false);
  }

  private static Identified unauthorized(String reason, boolean isGuess) {
    return new Identified.Refused(
        Reason.NOT_AUTHORIZED, "The bearer token is refused: " + reason + ".", isGuess);
  }

  @Override
  public Optional<AccessToken> issue(Client client, Effort effort) {
    return Optional.empty();
  }
}
