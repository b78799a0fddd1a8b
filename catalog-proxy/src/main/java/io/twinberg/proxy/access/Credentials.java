package io.twinberg.proxy.access;

import java.util.Optional;

/** One kind of credentials by which callers are known. */
public sealed interface Credentials permits FileTokens, IssuedTokens, OidcTokens {
  /** What the holder of an access token is told when its time is over. */
  String EXPIRED_ACCESS_TOKEN = "The access token has expired; get another from oauth/tokens.";

  /**
   * What a bearer credential turns out to be, empty when it is none of this kind, or would take
   * more effort than it may.
   */
  Optional<Identified> identify(String credential, Effort effort);

  /**
   * An access token for a client that says its secret, empty when it is none of this kind, or would
   * take more effort than it may.
   */
  Optional<AccessToken> issue(Client client, Effort effort);
}
