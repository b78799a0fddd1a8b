package io.twinberg.proxy.access;

import io.twinberg.proxy.access.AccessTokens.Holder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The tokens of the configuration: their secrets, which never expire, and access tokens. */
final class FileTokens implements Credentials {
  private final KnownTokens tokens;
  private final AccessTokens accessTokens;

  FileTokens(List<Token> tokens, Clock clock, Duration lifetime) {
    this.tokens = new KnownTokens(tokens);
    this.accessTokens = new AccessTokens(this.tokens, clock, lifetime);
  }

  @Override
  public Optional<Identified> identify(String credential, Effort effort) {
    return tokens
        .withSecret(credential)
        .map(token -> new Holder(token, false))
        .or(() -> accessTokens.holder(credential))
        .map(this::identified);
  }

  private Identified identified(Holder holder) {
    Token token = holder.token();
    return holder.expired()
        ? new Identified.Expired(token.name(), EXPIRED_ACCESS_TOKEN)
        : new Identified.Holder(
            token.name(), token.grants(), Optional.of(() -> accessTokens.issue(token)));
  }

  @Override
  public Optional<AccessToken> issue(Client client, Effort effort) {
    return tokens.of(client).map(accessTokens::issue);
  }
}
