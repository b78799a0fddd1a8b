package io.twinberg.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Equal rows have equal checksums, in any order; different ones have not. */
class RowDigestTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-03-01T12:00:00.123456Z");

  private static Record row(Type type, @Nullable Object value) {
    Record row = GenericRecord.create(new Schema(Types.NestedField.optional(1, "v", type)));
    row.set(0, value);
    return row;
  }

  private static String sum(Record... rows) {
    return sum(Arrays.asList(rows));
  }

  private static String sum(List<Record> rows) {
    RowDigest digest = new RowDigest();
    rows.forEach(digest::add);
    return digest.result(1).checksum();
  }

  @Test
  void rows_inAnyOrder_haveOneSum() {
    List<Record> rows = new ArrayList<>();
    for (long i = 0; i < 1000; i++) {
      rows.add(row(Types.LongType.get(), i));
    }
    String ordered = sum(rows);
    Collections.shuffle(rows, new Random(SEED));
    assertThat(sum(rows)).as("seed %d", SEED).isEqualTo(ordered);
  }

  @Test
  void row_thatIsThereTwice_counts() {
    Record row = row(Types.LongType.get(), 1L);
    assertThat(Set.of(sum(), sum(row), sum(row, row), sum(row, row, row))).hasSize(4);
  }

  @Test
  void values_thatDiffer_haveOtherSums() {
    Types.StructType pair =
        Types.StructType.of(
            Types.NestedField.optional(2, "a", Types.StringType.get()),
            Types.NestedField.optional(3, "b", Types.StringType.get()));
    Types.ListType list = Types.ListType.ofOptional(4, Types.StringType.get());
    List<Record> rows =
        List.of(
            row(Types.StringType.get(), null),
            row(Types.StringType.get(), ""),
            row(Types.StringType.get(), "a"),
            row(Types.LongType.get(), 0L),
            row(Types.LongType.get(), 1L),
            row(Types.BooleanType.get(), false),
            row(Types.DoubleType.get(), Double.NaN),
            row(Types.DoubleType.get(), 0.5),
            row(Types.DoubleType.get(), -0.0),
            row(Types.DecimalType.of(9, 2), new BigDecimal("1.00")),
            row(Types.DecimalType.of(9, 1), new BigDecimal("10.0")),
            row(Types.DateType.get(), LocalDate.EPOCH.plusDays(77)),
            row(Types.TimeType.get(), LocalTime.NOON),
            row(Types.TimestampType.withZone(), NOON),
            row(Types.TimestampType.withZone(), NOON.plusNanos(1000)),
            row(Types.UUIDType.get(), new UUID(1, 2)),
            row(Types.BinaryType.get(), ByteBuffer.wrap(new byte[] {1, 2})),
            row(Types.FixedType.ofLength(3), new byte[] {1, 2, 3}),
            row(pair, struct(pair, "ab", "c")),
            row(pair, struct(pair, "a", "bc")),
            row(pair, struct(pair, null, "a")),
            row(pair, struct(pair, "a", null)),
            row(list, List.of("a", "b")),
            row(list, List.of("b", "a")),
            row(list, List.of("ab")));
    Set<String> sums = new HashSet<>();
    rows.forEach(row -> sums.add(sum(row)));
    assertThat(sums).hasSize(rows.size());
  }

  private static Record struct(Types.StructType type, @Nullable String a, @Nullable String b) {
    Record struct = GenericRecord.create(type);
    struct.set(0, a);
    struct.set(1, b);
    return struct;
  }

  @Test
  void values_thatAreTheSame_haveOneSumHoweverTheyAreHeld() {
    assertSame(Types.TimestampType.withZone(), NOON, NOON.withOffsetSameInstant(ZoneOffset.MAX));
    assertSame(
        Types.TimestampType.withoutZone(),
        NOON.toLocalDateTime(),
        LocalDateTime.parse("2026-03-01T12:00:00.123456"));
    assertSame(Types.DoubleType.get(), Double.NaN, Double.longBitsToDouble(0x7ff0_0000_0000_0001L));
    assertSame(
        Types.BinaryType.get(),
        ByteBuffer.wrap(new byte[] {1, 2}),
        ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 2));
    Types.MapType map =
        Types.MapType.ofOptional(5, 6, Types.StringType.get(), Types.LongType.get());
    Map<String, Long> forth = new LinkedHashMap<>();
    Map<String, Long> back = new LinkedHashMap<>();
    for (long i = 0; i < 9; i++) {
      forth.put("k" + i, i);
      back.put("k" + (8 - i), 8 - i);
    }
    assertSame(map, forth, back);
  }

  private static void assertSame(Type type, Object some, Object other) {
    assertThat(sum(row(type, some))).isEqualTo(sum(row(type, other)));
  }

  @Test
  void value_largerThanTheBuffer_isTakenWhole() {
    String large = "x".repeat(1 << 20);
    assertThat(sum(row(Types.StringType.get(), large + "a")))
        .isNotEqualTo(sum(row(Types.StringType.get(), large + "b")));
  }
}
