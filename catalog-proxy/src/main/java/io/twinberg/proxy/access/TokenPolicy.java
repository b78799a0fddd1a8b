package io.twinberg.proxy.access;

import io.twinberg.proxy.access.AccessTokens.Holder;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.Attempt;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Callers are known by bearer tokens: a token's secret, or an access token issued for it. */
final class TokenPolicy implements AccessPolicy {
  private static final GrantedAccess NOTHING = new GrantedAccess(List.of());
  private static final String SCHEME = "bearer ";

  private final KnownTokens tokens;
  private final AccessTokens accessTokens;
  private final FailedAttempts attempts;

  TokenPolicy(List<Token> tokens, FailedAttempts attempts, Clock clock, Duration lifetime) {
    this.tokens = new KnownTokens(tokens);
    this.accessTokens = new AccessTokens(this.tokens, clock, lifetime);
    this.attempts = attempts;
  }

  @Override
  public Caller caller(Optional<String> authorization, String address) {
    return authorization
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> withBearer(value.substring(SCHEME.length()).trim(), address))
        .orElseGet(() -> nobody(TokenPolicy::refuseWithoutCredential, address));
  }

  private Caller withBearer(String credential, String address) {
    Optional<Holder> holder = holder(credential);
    if (holder.filter(it -> !it.expired()).isPresent()) {
      Token token = holder.get().token();
      return new Caller(
          token.name(),
          new GrantedAccess(token.grants()),
          otherwise -> refuseBlocked(address, token),
          address);
    }
    return holder.isPresent()
        ? nobody(otherwise -> refuseExpired(address), address)
        : nobody(otherwise -> refuseUnknown(otherwise, address), address);
  }

  private static Caller nobody(Attempt attempt, String address) {
    return new Caller(ANONYMOUS, NOTHING, attempt, address);
  }

  /** A secret never expires. */
  private Optional<Holder> holder(String credential) {
    return tokens
        .withSecret(credential)
        .map(token -> new Holder(token, false))
        .or(() -> accessTokens.holder(credential));
  }

  private static void refuseWithoutCredential(String otherwise) {
    throw new RefusedException(Reason.NOT_AUTHORIZED, otherwise);
  }

  /** Refuses the right credential too, for else guessing could go on. */
  private void refuseBlocked(String address, Token token) {
    attempts.blockedFor(address, token.name()).ifPresent(TooManyFailures::refuse);
  }

  private void refuseBlocked(String address) {
    attempts.blockedFor(address).ifPresent(TooManyFailures::refuse);
  }

  /** Not a guess: whoever has it was let in once. */
  private void refuseExpired(String address) {
    refuseBlocked(address);
    throw new RefusedException(
        Reason.NOT_AUTHORIZED, "The access token has expired; get another from oauth/tokens.");
  }

  private void refuseUnknown(String otherwise, String address) {
    refuseBlocked(address);
    countFailure(address);
    throw new RefusedException(
        Reason.NOT_AUTHORIZED, "The bearer token is none of Twinberg's. " + otherwise);
  }

  @Override
  public boolean isOpen() {
    return false;
  }

  @Override
  public Optional<Duration> blockedFor(String address) {
    return attempts.blockedFor(address);
  }

  @Override
  public Optional<Duration> blockedFor(String address, AccessToken token) {
    return attempts.blockedFor(address, token.holder());
  }

  @Override
  public void countFailure(String address) {
    attempts.count(address);
  }

  @Override
  public Optional<AccessToken> issue(Client client) {
    return tokens.of(client).map(accessTokens::issue);
  }

  @Override
  public Optional<AccessToken> anonymous() {
    return Optional.empty();
  }

  @Override
  public Exchange exchange(String subject) {
    return exchange(holder(subject).filter(it -> !it.expired()), holder(subject).isPresent());
  }

  @Override
  public Exchange exchange(String subject, Client client) {
    Optional<Token> asking = tokens.of(client);
    return exchange(holder(subject).filter(it -> Optional.of(it.token()).equals(asking)), false);
  }

  private Exchange exchange(Optional<Holder> holder, boolean known) {
    Exchange otherwise = known ? new Exchange.Expired() : new Exchange.Unknown();
    return holder
        .<Exchange>map(it -> new Exchange.Issued(accessTokens.issue(it.token())))
        .orElse(otherwise);
  }
}
