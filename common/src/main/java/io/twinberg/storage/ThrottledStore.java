package io.twinberg.storage;

import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A store as one of its writers sees it, who may write only so fast. What the store copies by
 * itself counts like what is written.
 */
public final class ThrottledStore implements ObjectStore {
  private final ObjectStore store;
  private final Throttle throttle;

  /** Throttles the writes to a store, which stays the caller's. */
  public ThrottledStore(ObjectStore store, Throttle throttle) {
    this.store = store;
    this.throttle = throttle;
  }

  @Override
  public InputStream open(String location) {
    return store.open(location);
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
    throttle.take(location, bytes.length);
    store.put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    return new ThrottledOutput(throttle, location, store.create(location));
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
    throttle.take(target, expectedLength);
    store.copy(source, target, expectedLength);
  }

  /** Does nothing: the store is somebody else's. */
  @Override
  public void close() {}
}
