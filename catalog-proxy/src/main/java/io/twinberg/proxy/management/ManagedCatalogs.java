package io.twinberg.proxy.management;

import java.util.List;

/** The sources and destinations that this process is configured with. */
public record ManagedCatalogs(List<NamedCatalog> sources, List<NamedCatalog> destinations) {
  /** Copies the lists. */
  public ManagedCatalogs {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
  }

  List<String> sourceNames() {
    return sources.stream().map(NamedCatalog::name).toList();
  }

  List<String> destinationNames() {
    return destinations.stream().map(NamedCatalog::name).toList();
  }
}
