package io.twinberg.proxy.access;

import java.time.Duration;

/** An access token that a client may send instead of a secret, for a while; never print it. */
public record AccessToken(String value, Duration lifetime) {
  @Override
  public String toString() {
    return "AccessToken[lifetime=" + lifetime + "]";
  }
}
