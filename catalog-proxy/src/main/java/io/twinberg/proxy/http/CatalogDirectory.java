package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.util.List;
import java.util.Optional;

/** Which catalogs are served under which names; asked for every call, so that names can move. */
public interface CatalogDirectory {
  /** The catalog that is served under a name. */
  Optional<ServedCatalog> find(String name);

  /** The name of the source that calls without any name go to. */
  Optional<String> defaultSource();

  /**
   * What issues tokens to clients that name no catalog, where that is not simply the default
   * source.
   */
  Optional<ServedCatalog> tokenIssuer();

  /** The names of the sources whose upstream warehouse this is. */
  List<String> sourcesOf(String upstreamWarehouse);

  /** The served names that a caller may know of, sorted. */
  List<String> visibleTo(Caller caller);
}
