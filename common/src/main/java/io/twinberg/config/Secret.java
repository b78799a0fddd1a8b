package io.twinberg.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A value that no print shows; whoever needs it has to say so. */
public final class Secret {
  /** What prints show in the place of a secret. */
  static final String MASK = "****";

  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    return new Secret(value);
  }

  /** The value itself, for the one call that needs it. */
  public String reveal() {
    return value;
  }

  /** Takes the same time wherever two secrets of one length differ. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }

  private byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }
}
