package io.twinberg.identity;

import java.util.Map;
import java.util.TreeSet;

/** The headers that prove an identity for one call. Prints show their names only. */
public record Proof(Map<String, String> headers) {
  /** Copies the headers. */
  public Proof {
    headers = Map.copyOf(headers);
  }

  static Proof bearer(String token) {
    return new Proof(Map.of("Authorization", "Bearer " + token));
  }

  @Override
  public String toString() {
    return "Proof" + new TreeSet<>(headers.keySet());
  }
}
