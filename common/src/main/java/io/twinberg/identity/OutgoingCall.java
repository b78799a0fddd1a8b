package io.twinberg.identity;

import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * A call as it will be sent, but for the proof of who sends it.
 *
 * @param uri with its path and query raw, byte for byte as they are sent
 * @param headers those that the call has already; a proof may cover some
 * @param body empty for none; only a proof that covers the body reads it. Shared, not copied:
 *     nobody may change it
 */
public record OutgoingCall(String method, URI uri, Map<String, List<String>> headers, byte[] body) {
  private static final byte[] NO_BODY = {};

  /** Copies the headers. */
  public OutgoingCall {
    headers = Map.copyOf(headers);
  }

  /** A call without a body. */
  public static OutgoingCall withoutBody(
      String method, URI uri, Map<String, List<String>> headers) {
    return new OutgoingCall(method, uri, headers, NO_BODY);
  }

  @Override
  public String toString() {
    return "OutgoingCall[" + method + " " + uri + ", " + body.length + " bytes]";
  }
}
