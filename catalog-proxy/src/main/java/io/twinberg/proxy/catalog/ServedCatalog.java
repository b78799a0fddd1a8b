package io.twinberg.proxy.catalog;

/**
 * A catalog that clients reach under a name: a source, a replica catalog, or a step in front of
 * one.
 */
@FunctionalInterface
public interface ServedCatalog {
  /**
   * Answers one call; the caller closes the answer.
   *
   * @throws UpstreamException when the call had to go elsewhere and no whole answer came back
   */
  CatalogAnswer answer(CatalogCall call);
}
