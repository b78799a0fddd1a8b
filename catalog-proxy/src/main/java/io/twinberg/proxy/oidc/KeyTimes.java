package io.twinberg.proxy.oidc;

import java.time.Duration;

/**
 * How often an issuer's keys are fetched.
 *
 * @param fresh how long they are used without a look
 * @param pause no more than two fetches begin within this time, whatever keys callers name
 * @param outage how long they are used on while they cannot be fetched
 * @param timeout how long a request for them may take
 */
public record KeyTimes(Duration fresh, Duration pause, Duration outage, Duration timeout) {
  /** Those of a server. */
  public static final KeyTimes DEFAULT =
      new KeyTimes(
          Duration.ofMinutes(5),
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofSeconds(5));
}
