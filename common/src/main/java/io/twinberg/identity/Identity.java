package io.twinberg.identity;

/**
 * Who Twinberg is at a catalog. One instance per catalog and use; safe for many threads, and never
 * printed with its secrets.
 */
public sealed interface Identity extends AutoCloseable
    permits NoIdentity, BearerIdentity, OAuth2Identity, SigV4Identity {
  /** Nobody. */
  static Identity none() {
    return new NoIdentity();
  }

  /** The owner of a fixed token. */
  static Identity bearer(String token) {
    return new BearerIdentity(token);
  }

  /**
   * The headers that prove this identity for a call. Asked for each call anew, since tokens change
   * and signatures cover one call only.
   *
   * @throws IdentityException when the proof cannot be had; nothing of the call may be sent then
   */
  Proof prove(OutgoingCall call);

  /** Whether the proof covers the body, so that it must be known before the call is sent. */
  default boolean coversBody() {
    return false;
  }

  /**
   * The catalog answered a call with this proof as if it did not know the caller (401). Says
   * whether a new proof may fare better; who asks decides whether the call may be sent again.
   */
  default boolean rejected(Proof proof) {
    return false;
  }

  @Override
  default void close() {}
}
