package io.twinberg.storage;

/** An output whose bytes and whose end wait their turn. */
final class PacedOutput extends StoreOutput {
  private final PacedStore pace;
  private final String location;
  private final StoreOutput out;

  PacedOutput(PacedStore pace, String location, StoreOutput out) {
    this.pace = pace;
    this.location = location;
    this.out = out;
  }

  @Override
  void append(byte[] bytes, int offset, int length) {
    pace.write(location, length);
    out.write(bytes, offset, length);
  }

  @Override
  void publish() {
    pace.once(
        location,
        () -> {
          out.close();
          return location;
        });
  }

  @Override
  void discard() {
    out.abort();
  }
}
