package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Buffered, counted reading of a container file; whatever ends too early is corrupt. */
final class ContainerInput {

  private static final int BUFFER_BYTES = 64 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int at;
  private int end;
  private long earlier;

  ContainerInput(InputStream in) {
    this.in = in;
  }

  /** How many bytes were handed out so far. */
  long position() {
    return earlier + at;
  }

  boolean atEnd() throws IOException {
    return at == end && !fill();
  }

  /** Reads an Avro int or long. */
  long number() throws IOException {
    return number(null);
  }

  /** Reads an Avro int or long and appends its bytes as they stand, padded or not. */
  long number(@Nullable Bytes copy) throws IOException {
    long raw = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = oneByte();
      if (copy != null) {
        copy.append(next);
      }
      raw |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return (raw >>> 1) ^ -(raw & 1);
      }
    }
    throw new CorruptManifestException("a number of more than ten bytes at " + position());
  }

  /** Appends exactly so many bytes; memory grows with what arrives, not with what is promised. */
  void readInto(Bytes target, int count) throws IOException {
    int missing = count;
    while (missing > 0) {
      if (at == end && !fill()) {
        throw truncated();
      }
      int part = Math.min(missing, end - at);
      target.append(buffer, at, part);
      at += part;
      missing -= part;
    }
  }

  private byte oneByte() throws IOException {
    if (at == end && !fill()) {
      throw truncated();
    }
    return buffer[at++];
  }

  private boolean fill() throws IOException {
    earlier += end;
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  private CorruptManifestException truncated() {
    return new CorruptManifestException("the file ends too early, after " + position() + " bytes");
  }
}
