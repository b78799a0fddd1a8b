package org.apache.iceberg;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.types.Types;

/** Random column statistics and partition values. */
final class StatisticsFixtures {

  private StatisticsFixtures() {}

  static Metrics metrics(int columns, Random random) {
    Map<Integer, Long> sizes = new HashMap<>();
    Map<Integer, Long> values = new HashMap<>();
    Map<Integer, Long> nulls = new HashMap<>();
    Map<Integer, Long> nans = new HashMap<>();
    Map<Integer, ByteBuffer> lower = new HashMap<>();
    Map<Integer, ByteBuffer> upper = new HashMap<>();
    for (int id = 1; id <= columns; id++) {
      sizes.put(id, (long) random.nextInt(1 << 24));
      values.put(id, (long) random.nextInt(1 << 20));
      nulls.put(id, random.nextInt(4) == 0 ? (long) random.nextInt(1000) : 0L);
      if (id % 4 == 3) {
        nans.put(id, 0L);
      }
      lower.put(id, bound(id, random));
      upper.put(id, bound(id, random));
    }
    return new Metrics((long) random.nextInt(1 << 20), sizes, values, nulls, nans, lower, upper);
  }

  private static ByteBuffer bound(int id, Random random) {
    if (id % 4 == 2) {
      return ByteBuffer.wrap(
          Long.toString(random.nextLong() >>> 1, 36).getBytes(StandardCharsets.UTF_8));
    }
    return ByteBuffer.allocate(8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(0, random.nextInt(1 << 30) * 1000L);
  }

  static PartitionData partition(PartitionSpec spec, Random random) {
    PartitionData data = new PartitionData(spec.partitionType());
    int position = 0;
    for (Types.NestedField field : spec.partitionType().fields()) {
      data.set(position++, random.nextInt(10) == 0 ? null : value(field, random));
    }
    return data;
  }

  private static Object value(Types.NestedField field, Random random) {
    return switch (field.type().typeId()) {
      case INTEGER, DATE -> random.nextInt(20_000);
      case LONG -> random.nextLong();
      case DOUBLE -> random.nextDouble();
      case STRING -> "p" + random.nextInt(50);
      default -> throw new IllegalStateException(field.toString());
    };
  }
}
