package io.twinberg.replicator.verify;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import org.apache.iceberg.data.Record;

/**
 * A count and a checksum of rows, whatever their order: the sum of a 128-bit hash of each. A sum,
 * unlike an exclusive or, sees a row that is there twice.
 */
final class RowDigest {
  private final ValueEncoder encoder = new ValueEncoder();
  private final MessageDigest hash = LocationHash.digest();
  private long rows;
  private long high;
  private long low;

  void add(Record row) {
    encoder.reset();
    encoder.struct(row.struct(), row);
    hash.update(encoder.bytes(), 0, encoder.length());
    ByteBuffer digest = ByteBuffer.wrap(hash.digest());
    long addHigh = digest.getLong();
    long addLow = digest.getLong();
    low += addLow;
    high += addHigh + (Long.compareUnsigned(low, addLow) < 0 ? 1 : 0);
    rows++;
  }

  RowResult result(long snapshotId) {
    return new RowResult(snapshotId, rows, "%016x%016x".formatted(high, low));
  }
}
