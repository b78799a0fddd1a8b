package io.twinberg.storage;

/** An output whose bytes wait their turn. */
final class ThrottledOutput extends StoreOutput {
  private final Throttle throttle;
  private final String location;
  private final StoreOutput out;

  ThrottledOutput(Throttle throttle, String location, StoreOutput out) {
    this.throttle = throttle;
    this.location = location;
    this.out = out;
  }

  @Override
  void append(byte[] bytes, int offset, int length) {
    throttle.take(location, length);
    out.write(bytes, offset, length);
  }

  @Override
  void publish() {
    out.close();
  }

  @Override
  void discard() {
    out.abort();
  }
}
