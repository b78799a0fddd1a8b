package io.twinberg.command.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/** A snapshot's rows in short: how many, and a checksum that does not depend on their order. */
public record RowDigest(long rows, long checksum) {
  /** Reads every row of a snapshot through Iceberg's own reader. */
  static RowDigest of(Table table, long snapshotId) {
    long rows = 0;
    long checksum = 0;
    try (CloseableIterable<Record> all =
        IcebergGenerics.read(table).useSnapshot(snapshotId).build()) {
      for (Record row : all) {
        rows++;
        checksum += hash(row.toString());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RowDigest(rows, checksum);
  }

  private static long hash(String row) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(row.getBytes(StandardCharsets.UTF_8));
      return ByteBuffer.wrap(digest).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
