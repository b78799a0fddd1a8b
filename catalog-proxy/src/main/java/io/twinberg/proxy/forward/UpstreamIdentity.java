package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.Header;
import java.util.List;

/** As whom a call goes upstream. */
@FunctionalInterface
public interface UpstreamIdentity {
  /** As the caller: the headers go as they came ({@code forward: client}). */
  UpstreamIdentity CALLER = headers -> headers;

  /** The headers to send instead of the caller's. */
  List<Header> headers(List<Header> fromCaller);
}
