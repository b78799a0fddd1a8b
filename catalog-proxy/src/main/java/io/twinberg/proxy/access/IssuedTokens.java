package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.token.ApiToken;
import io.twinberg.token.TokenSecret;
import io.twinberg.token.TokenTable;
import io.twinberg.token.TokenWatch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The tokens that the management API made: their secrets, and access tokens for these. */
public final class IssuedTokens implements Credentials {
  private static final String UNSURE =
      "The token cannot be checked now, for the database does not answer; try again.";

  private final TokenWatch watch;
  private final Set<String> inFile;
  private final Clock clock;
  private final SealedTokens sealed;

  /** What credentials a token was asked for by. */
  private record Match(ApiToken token, TokenSecret secret, Optional<Instant> sealedUntil) {}

  /**
   * The tokens that a watch knows.
   *
   * @param inFile names that tokens of the configuration have, who take the place of others
   */
  public IssuedTokens(TokenWatch watch, Set<String> inFile, Clock clock) {
    this(watch, inFile, clock, AccessPolicy.LIFETIME);
  }

  IssuedTokens(TokenWatch watch, Set<String> inFile, Clock clock, Duration lifetime) {
    this.watch = watch;
    this.inFile = Set.copyOf(inFile);
    this.clock = clock;
    this.sealed = new SealedTokens(clock, lifetime);
  }

  @Override
  public Optional<Identified> identify(String credential, Effort effort) {
    try {
      return match(credential, effort).map(this::identified);
    } catch (RefusedException e) {
      return Optional.of(new Identified.Refused(e.reason(), String.valueOf(e.getMessage()), false));
    }
  }

  private Optional<Match> match(String credential, Effort effort) {
    if (TokenSecret.hasForm(credential)) {
      return found(table -> withSecret(table, new TokenSecret(credential)), effort);
    }
    return SealedTokens.hasForm(credential)
        ? found(table -> withSealed(table, credential), effort)
        : Optional.empty();
  }

  private Optional<Match> found(Function<TokenTable, Optional<Match>> search, Effort effort) {
    Optional<Match> known = search.apply(watch.table()).filter(this::isServed);
    if (known.isPresent() || !effort.looksUp()) {
      return known;
    }
    if (!watch.lookAgain()) {
      throw new RefusedException(Reason.BUSY, UNSURE);
    }
    return search.apply(watch.table()).filter(this::isServed);
  }

  private boolean isServed(Match match) {
    return !inFile.contains(match.token().name());
  }

  private static Optional<Match> withSecret(TokenTable table, TokenSecret secret) {
    return table.withSecret(secret).map(token -> new Match(token, secret, Optional.empty()));
  }

  private Optional<Match> withSealed(TokenTable table, String text) {
    return sealed
        .open(text, table)
        .map(opened -> new Match(opened.token(), opened.secret(), Optional.of(opened.until())));
  }

  private Identified identified(Match match) {
    ApiToken token = match.token();
    Instant now = clock.instant();
    if (token.isExpired(now)) {
      return new Identified.Expired(
          token.name(), "The token " + token.name() + " has expired; have another one made.");
    }
    if (match.sealedUntil().filter(end -> !now.isBefore(end)).isPresent()) {
      return new Identified.Expired(token.name(), EXPIRED_ACCESS_TOKEN);
    }
    watch.used(token, now);
    return new Identified.Holder(
        token.name(), token.grants(), Optional.of(() -> sealed.issue(token, match.secret())));
  }

  @Override
  public Optional<AccessToken> issue(Client client, Effort effort) {
    return Optional.of(client.secret())
        .filter(TokenSecret::hasForm)
        .flatMap(secret -> match(secret, effort))
        .filter(match -> client.id().orElse(match.token().name()).equals(match.token().name()))
        .filter(match -> !match.token().isExpired(clock.instant()))
        .map(match -> sealed.issue(match.token(), match.secret()));
  }
}
