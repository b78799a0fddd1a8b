package io.twinberg.identity;

/** The owner of a fixed token. */
final class BearerIdentity implements Identity {
  private final Proof proof;

  BearerIdentity(String token) {
    if (!AccessToken.isHeaderSafe(token)) {
      throw new IllegalArgumentException(
          "the bearer token must be of printable ASCII characters without spaces");
    }
    this.proof = Proof.bearer(token);
  }

  @Override
  public Proof prove(OutgoingCall call) {
    return proof;
  }

  @Override
  public String toString() {
    return "BearerIdentity";
  }
}
