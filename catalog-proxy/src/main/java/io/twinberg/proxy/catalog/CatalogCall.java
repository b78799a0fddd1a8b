package io.twinberg.proxy.catalog;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/**
 * One call on a served catalog.
 *
 * @param path the raw path below the catalog's base, still encoded, without leading slash: {@code
 *     v1/namespaces/a%1Fb}; our own prefix has been taken out
 * @param query the raw query, still encoded
 * @param headers end-to-end headers in the order in which they came
 * @param body read at most once; bounded by the listener
 * @param caller who calls, as far as Twinberg's own tokens tell
 * @param base the absolute URI under which the client reaches this catalog, without trailing slash
 */
public record CatalogCall(
    String method,
    String path,
    Optional<String> query,
    List<Header> headers,
    InputStream body,
    Caller caller,
    String requestId,
    String base) {
  /** Copies the list. */
  public CatalogCall {
    headers = List.copyOf(headers);
  }

  /** The first value of a header, by its name without regard to case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /** The same call with another raw path. */
  public CatalogCall withPath(String other) {
    return new CatalogCall(method, other, query, headers, body, caller, requestId, base);
  }

  /** The same call with another raw query. */
  public CatalogCall withQuery(Optional<String> other) {
    return new CatalogCall(method, path, other, headers, body, caller, requestId, base);
  }

  /** The same call with other headers. */
  public CatalogCall withHeaders(List<Header> other) {
    return new CatalogCall(method, path, query, other, body, caller, requestId, base);
  }

  /** The same call with another body, for one that has been read. */
  public CatalogCall withBody(InputStream other) {
    return new CatalogCall(method, path, query, headers, other, caller, requestId, base);
  }
}
