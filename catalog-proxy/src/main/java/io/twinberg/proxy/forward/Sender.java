package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import java.io.InputStream;
import java.net.URI;
import java.util.List;

/** Sends a call to an upstream, once. */
@FunctionalInterface
interface Sender {
  /** The answer; its body is read from the connection as it is consumed. */
  CatalogAnswer send(String method, URI uri, List<Header> headers, InputStream body);
}
