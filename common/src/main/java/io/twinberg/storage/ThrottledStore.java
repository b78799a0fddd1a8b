package io.twinberg.storage;

/**
 * A store as one of its writers sees it, who may write only so fast. What the store copies by
 * itself counts like what is written.
 */
public final class ThrottledStore extends ForwardingStore {
  private final Throttle throttle;

  /** Throttles the writes to a store, which stays the caller's. */
  public ThrottledStore(ObjectStore store, Throttle throttle) {
    super(store);
    this.throttle = throttle;
  }

  @Override
  public void put(String location, byte[] bytes) {
    throttle.take(location, bytes.length);
    super.put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    return new ThrottledOutput(throttle, location, super.create(location));
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    throttle.take(target, expectedLength);
    super.copy(source, target, expectedLength);
  }
}
