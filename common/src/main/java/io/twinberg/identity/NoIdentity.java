package io.twinberg.identity;

import java.util.Map;

/** Nobody: calls carry no proof. */
record NoIdentity() implements Identity {
  private static final Proof NOTHING = new Proof(Map.of());

  @Override
  public Proof prove(OutgoingCall call) {
    return NOTHING;
  }
}
