package io.twinberg.proxy.http;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/** A directory whose names are fixed; what is behind a name is asked for every call. */
public final class FixedDirectory implements CatalogDirectory {
  private final Map<String, Entry> entries;
  private final Optional<String> defaultSource;
  private final Optional<ServedCatalog> tokenIssuer;

  /**
   * What is behind a name.
   *
   * @param upstreamWarehouse for a source, the warehouse that it is at its upstream
   */
  public record Entry(Supplier<ServedCatalog> catalog, Optional<String> upstreamWarehouse) {}

  /** A directory of these names, in which the default source alone issues tokens. */
  public FixedDirectory(Map<String, Entry> entries, Optional<String> defaultSource) {
    this(entries, defaultSource, Optional.empty());
  }

  /** A directory of these names. */
  public FixedDirectory(
      Map<String, Entry> entries,
      Optional<String> defaultSource,
      Optional<ServedCatalog> tokenIssuer) {
    this.entries = new TreeMap<>(entries);
    this.defaultSource = defaultSource;
    this.tokenIssuer = tokenIssuer;
  }

  @Override
  public Optional<ServedCatalog> find(String name) {
    return Optional.ofNullable(entries.get(name)).map(entry -> entry.catalog().get());
  }

  @Override
  public Optional<String> defaultSource() {
    return defaultSource;
  }

  @Override
  public Optional<ServedCatalog> tokenIssuer() {
    return tokenIssuer;
  }

  @Override
  public List<String> sourcesOf(String upstreamWarehouse) {
    return entries.entrySet().stream()
        .filter(
            entry -> entry.getValue().upstreamWarehouse().equals(Optional.of(upstreamWarehouse)))
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public List<String> visibleTo(Caller caller) {
    return entries.keySet().stream().filter(name -> caller.access().mayEnter(name)).toList();
  }
}
