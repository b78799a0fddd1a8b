package io.twinberg.replicator;

import io.twinberg.storage.CopyDomain;
import io.twinberg.storage.Deadline;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import io.twinberg.storage.StoredObject;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store whose calls are remembered, and may fail or wait in a hook before they happen. */
final class HookedStore implements ObjectStore {
  /** What was called; for a copy the target's location. */
  record Call(String kind, String location) {}

  /** Runs before each call; what it throws is what the call throws. */
  interface Hook {
    void before(Call call);
  }

  private final ObjectStore store;
  private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
  private volatile Hook hook = call -> {};

  HookedStore(ObjectStore store) {
    this.store = store;
  }

  void hook(Hook next) {
    this.hook = next;
  }

  List<Call> calls(String kind) {
    return calls.stream().filter(call -> call.kind().equals(kind)).toList();
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  void forget() {
    calls.clear();
  }

  private void called(String kind, String location) {
    Call call = new Call(kind, location);
    calls.add(call);
    hook.before(call);
  }

  @Override
  public InputStream open(String location) {
    called("GET", location);
    return store.open(location);
  }

  @Override
  public OptionalLong length(String location) {
    called("HEAD", location);
    return store.length(location);
  }

  @Override
  public void put(String location, byte[] bytes) {
    called("PUT", location);
    store.put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    called("PUT", location);
    return store.create(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    called("DELETE", location);
    store.delete(location, deadline);
  }

  @Override
  public List<String> folders(String folder) {
    called("LIST", folder);
    return store.folders(folder);
  }

  @Override
  public List<StoredObject> list(String folder) {
    called("LIST", folder);
    return store.list(folder);
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return store.copyDomain(location);
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    called("COPY", target);
    store.copy(source, target, expectedLength);
  }

  @Override
  public void close() {
    // The lake closes what is behind it.
  }
}
