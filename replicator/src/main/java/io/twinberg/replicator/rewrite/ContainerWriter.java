package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.OutputStream;

/** Writes an Avro object container file block by block, as a copy of a source's structure. */
final class ContainerWriter {

  private final OutputStream out;
  private final byte[] syncMarker;
  private final Bytes frame = new Bytes(32);
  private long written;

  /** Begins a file with the source's header, byte for byte. */
  ContainerWriter(OutputStream out, AvroHeader header) throws IOException {
    this.out = out;
    this.syncMarker = header.syncMarker();
    write(header.bytes(), header.bytes().length);
  }

  /** How many bytes the file has so far. */
  long position() {
    return written;
  }

  /** Writes one block that has been compressed. */
  void block(long count, Bytes body) throws IOException {
    frame.clear();
    frame.appendNumber(count);
    frame.appendNumber(body.length);
    write(frame.array, frame.length);
    write(body.array, body.length);
    write(syncMarker, syncMarker.length);
  }

  private void write(byte[] source, int length) throws IOException {
    out.write(source, 0, length);
    written += length;
  }
}
