package io.twinberg.proxy.access;

import java.time.Duration;

/**
 * An access token that a client may send instead of a secret, for a while; never print it.
 *
 * @param holder the name of the token that it was issued for
 */
public record AccessToken(String holder, String value, Duration lifetime) {
  @Override
  public String toString() {
    return "AccessToken[holder=" + holder + ", lifetime=" + lifetime + "]";
  }
}
