package io.twinberg.proxy.oidc;

import io.twinberg.config.Grant;
import java.util.List;

/** What became of a JWT that says it is the issuer's. */
public sealed interface Verdict {
  /** It is right, and this is whose. */
  record Accepted(String name, List<Grant> grants) implements Verdict {
    /** Copies the list. */
    public Accepted {
      grants = List.copyOf(grants);
    }
  }

  /** It is right, and allows nothing. */
  record Powerless(String message) implements Verdict {}

  /** It would let nobody in, by what it says itself. */
  record Unfit(String message) implements Verdict {}

  /** It says the right things, and the issuer has not signed them. */
  record Forged(String message) implements Verdict {}

  /** It cannot be checked now. */
  record Unsure(String message) implements Verdict {}
}
