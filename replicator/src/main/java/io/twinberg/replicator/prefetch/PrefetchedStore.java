package io.twinberg.replicator.prefetch;

import io.twinberg.storage.CopyDomain;
import io.twinberg.storage.Deadline;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import io.twinberg.storage.StoredObject;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;

/** A source's store that takes from memory what has been read ahead. */
final class PrefetchedStore implements ObjectStore {
  private final ObjectStore store;
  private final Supplier<TableIdentifier> table;
  private final Prefetch prefetch;
  private final Duration patience;

  PrefetchedStore(
      ObjectStore store, Supplier<TableIdentifier> table, Prefetch prefetch, Duration patience) {
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
        .orElseGet(() -> store.open(location));
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
  public InputStream open(String location, long offset) {
    return store.open(location, offset);
  }

  @Override
  public OptionalLong length(String location) {
    return store.length(location);
  }

  @Override
  public void put(String location, byte[] bytes) {
    store.put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    return store.create(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    store.delete(location, deadline);
  }

  @Override
  public List<String> folders(String folder) {
    return store.folders(folder);
  }

  @Override
  public List<StoredObject> list(String folder) {
    return store.list(folder);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> each) {
    store.list(folder, each);
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return store.copyDomain(location);
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    store.copy(source, target, expectedLength);
  }

  @Override
  public void close() {
    store.close();
  }
}
