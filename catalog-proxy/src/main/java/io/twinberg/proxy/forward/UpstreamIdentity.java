package io.twinberg.proxy.forward;

import io.twinberg.identity.Identity;

/** As whom calls go upstream. */
public sealed interface UpstreamIdentity {
  /** As the caller: the headers go as they came ({@code forward: client}). */
  UpstreamIdentity CALLER = new AsCaller();

  /**
   * As Twinberg ({@code forward: twinberg}), for callers whom Twinberg itself lets through.
   *
   * @param bodyLimitBytes the largest body of a call whose proof covers the body
   */
  static UpstreamIdentity twinberg(Identity identity, int bodyLimitBytes) {
    return new AsTwinberg(identity, bodyLimitBytes);
  }

  /** As the caller. */
  record AsCaller() implements UpstreamIdentity {}

  /** As Twinberg. */
  record AsTwinberg(Identity identity, int bodyLimitBytes) implements UpstreamIdentity {}
}
