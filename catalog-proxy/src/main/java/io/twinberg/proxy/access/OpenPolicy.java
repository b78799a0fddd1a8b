package io.twinberg.proxy.access;

import io.twinberg.config.Grant;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.Access;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Everyone may do everything. */
record OpenPolicy() implements AccessPolicy {
  private static final Access EVERYTHING = new Everything();
  private static final AccessToken ANY_TOKEN = new AccessToken(ANONYMOUS, "open", LIFETIME);

  @Override
  public Caller caller(Optional<String> authorization, String address) {
    return new Caller(ANONYMOUS, EVERYTHING, otherwise -> {}, address);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public Optional<Duration> blockedFor(String address) {
    return Optional.empty();
  }

  @Override
  public Optional<Duration> blockedFor(String address, AccessToken token) {
    return Optional.empty();
  }

  @Override
  public void countFailure(String address) {
    // There is nothing to guess.
  }

  @Override
  public Optional<AccessToken> issue(Client client, String address) {
    return Optional.of(ANY_TOKEN);
  }

  @Override
  public Optional<AccessToken> anonymous() {
    return Optional.of(ANY_TOKEN);
  }

  @Override
  public Exchange exchange(String subject, String address) {
    return new Exchange.Issued(ANY_TOKEN);
  }

  @Override
  public Exchange exchange(String subject, Client client, String address) {
    return new Exchange.Issued(ANY_TOKEN);
  }

  private record Everything() implements Access {
    @Override
    public boolean mayEnter(String catalog) {
      return true;
    }

    @Override
    public boolean mayRead(String catalog) {
      return true;
    }

    @Override
    public boolean mayWrite(String catalog) {
      return true;
    }

    @Override
    public boolean mayRead(String catalog, List<String> namespace) {
      return true;
    }

    @Override
    public boolean mayWrite(String catalog, List<String> namespace) {
      return true;
    }

    @Override
    public boolean maySee(String catalog, List<String> namespace) {
      return true;
    }

    @Override
    public boolean mayManage(Grant.Role role) {
      return true;
    }
  }
}
