package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.Attempt;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Callers are known by bearer credentials of several kinds. */
final class TokenPolicy implements AccessPolicy {
  private static final GrantedAccess NOTHING = new GrantedAccess(List.of());
  private static final String SCHEME = "bearer ";

  private final List<Credentials> kinds;
  private final FailedAttempts attempts;

  TokenPolicy(List<Credentials> kinds, FailedAttempts attempts) {
    this.kinds = List.copyOf(kinds);
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
    Effort effort = attempts.effort(address);
    return identify(credential, effort)
        .map(identified -> known(identified, address))
        .orElseGet(() -> nobody(otherwise -> refuseUnknown(otherwise, address, effort), address));
  }

  private Caller known(Identified identified, String address) {
    if (identified instanceof Identified.Holder holder) {
      return new Caller(
          holder.name(),
          new GrantedAccess(holder.grants()),
          otherwise -> refuseBlocked(address, holder.name()),
          address);
    }
    return identified instanceof Identified.Refused refused
        ? nobody(otherwise -> refuse(refused, address), address)
        : nobody(otherwise -> refuseExpired((Identified.Expired) identified, address), address);
  }

  private static Caller nobody(Attempt attempt, String address) {
    return new Caller(ANONYMOUS, NOTHING, attempt, address);
  }

  private Optional<Identified> identify(String credential, Effort effort) {
    return kinds.stream().flatMap(kind -> kind.identify(credential, effort).stream()).findFirst();
  }

  private static void refuseWithoutCredential(String otherwise) {
    throw new RefusedException(Reason.NOT_AUTHORIZED, otherwise);
  }

  /** Refuses the right credential too, for else guessing could go on. */
  private void refuseBlocked(String address, String name) {
    attempts.blockedFor(address, name).ifPresent(TooManyFailures::refuse);
  }

  private void refuseBlocked(String address) {
    attempts.blockedFor(address).ifPresent(TooManyFailures::refuse);
  }

  private void refuseExpired(Identified.Expired expired, String address) {
    refuseBlocked(address);
    throw new RefusedException(Reason.NOT_AUTHORIZED, expired.message());
  }

  private void refuse(Identified.Refused refused, String address) {
    refuseBlocked(address);
    if (refused.isGuess()) {
      countFailure(address);
    }
    throw new RefusedException(refused.reason(), refused.message());
  }

  private void refuseUnknown(String otherwise, String address, Effort effort) {
    refuseBlocked(address);
    if (!effort.looksUp()) {
      // The block has ended since; nobody has looked whether the credential is right.
      TooManyFailures.refuse(Duration.ZERO);
    }
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
  public Optional<AccessToken> issue(Client client, String address) {
    Effort effort = attempts.effort(address);
    return kinds.stream().flatMap(kind -> kind.issue(client, effort).stream()).findFirst();
  }

  @Override
  public Optional<AccessToken> anonymous() {
    return Optional.empty();
  }

  @Override
  public Exchange exchange(String subject, String address) {
    Optional<Identified> identified = identify(subject, attempts.effort(address));
    if (identified.isEmpty()) {
      return new Exchange.Unknown();
    }
    if (identified.get() instanceof Identified.Holder holder) {
      return holder
          .renewal()
          .<Exchange>map(renewal -> new Exchange.Issued(renewal.get()))
          .orElseGet(Exchange.Foreign::new);
    }
    return identified.get() instanceof Identified.Refused refused
        ? refused(refused)
        : new Exchange.Expired();
  }

  /** What cannot be checked now may be right, so that its client shall come again. */
  private static Exchange refused(Identified.Refused refused) {
    if (refused.reason() == Reason.BUSY) {
      throw new RefusedException(Reason.BUSY, refused.message());
    }
    return refused.isGuess() ? new Exchange.Unknown() : new Exchange.Foreign();
  }

  @Override
  public Exchange exchange(String subject, Client client, String address) {
    Optional<AccessToken> fresh = issue(client, address);
    Optional<String> holder =
        identify(subject, attempts.effort(address)).flatMap(TokenPolicy::name);
    return fresh
        .filter(token -> holder.equals(Optional.of(token.holder())))
        .<Exchange>map(Exchange.Issued::new)
        .orElseGet(Exchange.Unknown::new);
  }

  private static Optional<String> name(Identified identified) {
    if (identified instanceof Identified.Holder holder) {
      return Optional.of(holder.name());
    }
    return identified instanceof Identified.Expired expired
        ? Optional.of(expired.name())
        : Optional.empty();
  }
}
