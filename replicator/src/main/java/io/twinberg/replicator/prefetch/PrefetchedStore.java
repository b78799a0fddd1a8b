package io.twinberg.replicator.prefetch;

import io.twinberg.storage.ForwardingStore;
import io.twinberg.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** A source's store that takes from memory what has been read ahead. */
final class PrefetchedStore extends ForwardingStore {
  private final ObjectStore store;
  private final Supplier<TableIdentifier> table;
  private final Prefetch prefetch;
  private final Duration patience;

  PrefetchedStore(
      ObjectStore store, Supplier<TableIdentifier> table, Prefetch prefetch, Duration patience) {
    super(store);
    this.store = store;
    this.table = table;
    this.prefetch = prefetch;
    this.patience = patience;
  }

  @Override
  public InputStream open(String location) {
    return prefetch
        .find(table, location)
        .flatMap(this::bytes)
        .<InputStream>map(ByteArrayInputStream::new)
        .orElseGet(() -> super.open(location));
  }

  /** Whatever kept it from being read ahead, the store itself says it better. */
  private Optional<byte[]> bytes(Future<byte[]> file) {
    try {
      return Optional.of(file.get(patience.toNanos(), TimeUnit.NANOSECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
