package io.twinberg.replicator;

import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.NamespaceResult;
import io.twinberg.source.SourceReader;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** A source whose answers a test may replace. */
final class FaultyReader implements SourceReader {
  private final SourceReader reader;
  private final AtomicInteger loads = new AtomicInteger();
  private volatile Function<TableIdentifier, Optional<LoadResult>> loading =
      name -> Optional.empty();
  private final AtomicInteger listings = new AtomicInteger();
  private final AtomicInteger viewLoads = new AtomicInteger();
  private volatile Function<TableIdentifier, Optional<LoadResult>> viewLoading =
      name -> Optional.empty();
  private volatile Optional<LoadResult.Failure> listing = Optional.empty();
  private volatile Function<Namespace, Optional<LoadResult.Failure>> tableListings =
      namespace -> Optional.empty();

  FaultyReader(SourceReader reader) {
    this.reader = reader;
  }

  void answerLoads(Function<TableIdentifier, Optional<LoadResult>> answers) {
    loading = answers;
  }

  void answerViews(Function<TableIdentifier, Optional<LoadResult>> answers) {
    viewLoading = answers;
  }

  int viewLoads() {
    return viewLoads.get();
  }

  void failListings(LoadResult.Failure failure) {
    listing = Optional.of(failure);
  }

  void answerTableListings(Function<Namespace, Optional<LoadResult.Failure>> answers) {
    tableListings = answers;
  }

  /** How often the source was listed. */
  int listings() {
    return listings.get();
  }

  /** Answers nothing at all until it is healed. */
  void silence() {
    LoadResult.Failure silent =
        new LoadResult.Unavailable(Optional.empty(), "silent", Optional.empty());
    failListings(silent);
    answerLoads(name -> Optional.of(silent));
    answerViews(name -> Optional.of(silent));
  }

  /** Answers as its source does. */
  void heal() {
    listing = Optional.empty();
    answerLoads(name -> Optional.empty());
    answerViews(name -> Optional.empty());
  }

  int loads() {
    return loads.get();
  }

  @Override
  public Listing<Namespace> listNamespaces() {
    listings.incrementAndGet();
    return listing.isPresent() ? new Listing.Failed<>(listing.get()) : reader.listNamespaces();
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return tableListings
        .apply(namespace)
        .<Listing<TableIdentifier>>map(Listing.Failed::new)
        .orElseGet(
            () ->
                listing.isPresent()
                    ? new Listing.Failed<>(listing.get())
                    : reader.listTables(namespace));
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    LoadResult result = loading.apply(table).orElseGet(() -> reader.load(table));
    loads.incrementAndGet();
    return result;
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return load(table);
  }

  @Override
  public Optional<String> metadataLocation(TableIdentifier table) {
    return reader.metadataLocation(table);
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    return listing.isPresent()
        ? new NamespaceResult.Failed(listing.get())
        : reader.namespace(namespace);
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    return listing.isPresent() ? new Listing.Failed<>(listing.get()) : reader.listViews(namespace);
  }

  @Override
  public LoadResult loadView(TableIdentifier view) {
    LoadResult result = viewLoading.apply(view).orElseGet(() -> reader.loadView(view));
    viewLoads.incrementAndGet();
    return result;
  }
}
