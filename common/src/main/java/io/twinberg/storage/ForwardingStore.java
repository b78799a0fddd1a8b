package io.twinberg.storage;

import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A store that passes every call on to another one, which stays its owner's; those that see
 * something in a few calls change just these.
 */
public abstract class ForwardingStore implements ObjectStore {
  private final ObjectStore store;

  /** Passes calls on to a store. */
  protected ForwardingStore(ObjectStore store) {
    this.store = store;
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

  /** Does nothing: the store is somebody else's. */
  @Override
  public void close() {}
}
