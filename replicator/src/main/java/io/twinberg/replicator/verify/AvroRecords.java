package io.twinberg.replicator.verify;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.io.InputFile;

/** The records of an Avro file as they stand there, nothing inherited and nothing left out. */
final class AvroRecords implements Closeable, Iterator<GenericRecord> {
  private final DataFileStream<GenericRecord> stream;

  private AvroRecords(DataFileStream<GenericRecord> stream) {
    this.stream = stream;
  }

  static AvroRecords open(InputFile file) {
    try {
      return new AvroRecords(
          new DataFileStream<>(
              new BufferedInputStream(file.newStream(), 1 << 16), new GenericDatumReader<>()));
    } catch (IOException e) {
      throw new UncheckedIOException(file.location() + ": " + e.getMessage(), e);
    }
  }

  /** What the file says about itself; how it is compressed is no part of it. */
  Map<String, String> header() {
    Map<String, String> header = new TreeMap<>();
    for (String key : stream.getMetaKeys()) {
      if (!key.equals(DataFileConstants.CODEC)) {
        header.put(key, stream.getMetaString(key));
      }
    }
    return header;
  }

  @Override
  public boolean hasNext() {
    return stream.hasNext();
  }

  @Override
  public GenericRecord next() {
    return stream.next();
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }
}
