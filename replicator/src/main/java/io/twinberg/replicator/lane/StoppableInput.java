package io.twinberg.replicator.lane;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A file that is read only for as long as the work goes on. */
final class StoppableInput extends FilterInputStream {
  private final WorkStop stop;

  StoppableInput(InputStream in, WorkStop stop) {
    super(in);
    this.stop = stop;
  }

  @Override
  public int read() throws IOException {
    stop.check();
    return in.read();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    stop.check();
    return in.read(bytes, offset, length);
  }
}
