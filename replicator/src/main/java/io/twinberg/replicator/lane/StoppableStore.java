package io.twinberg.replicator.lane;

import io.twinberg.storage.CopyDomain;
import io.twinberg.storage.Deadline;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import io.twinberg.storage.StoredObject;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A store in which nothing more is begun, and nothing read further, once the work on a replica is
 * to stop. What is deleted is deleted to the end: a call whose end is not known keeps its file from
 * being used for half an hour.
 */
final class StoppableStore implements ObjectStore {
  private final ObjectStore store;
  private final WorkStop stop;

  StoppableStore(ObjectStore store, WorkStop stop) {
    this.store = store;
    this.stop = stop;
  }

  @Override
  public InputStream open(String location) {
    stop.check();
    return new StoppableInput(store.open(location), stop);
  }

  @Override
  public InputStream open(String location, long offset) {
    stop.check();
    return new StoppableInput(store.open(location, offset), stop);
  }

  @Override
  public OptionalLong length(String location) {
    stop.check();
    return store.length(location);
  }

  @Override
  public void put(String location, byte[] bytes) {
    stop.check();
    store.put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    stop.check();
    return store.create(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    store.delete(location, deadline);
  }

  @Override
  public List<String> folders(String folder) {
    stop.check();
    return store.folders(folder);
  }

  @Override
  public List<StoredObject> list(String folder) {
    stop.check();
    return store.list(folder);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> each) {
    stop.check();
    store.list(
        folder,
        object -> {
          stop.check();
          each.accept(object);
        });
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return store.copyDomain(location);
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    stop.check();
    store.copy(source, target, expectedLength);
  }

  @Override
  public void close() {
    // Belongs to whoever made the store behind it.
  }
}
