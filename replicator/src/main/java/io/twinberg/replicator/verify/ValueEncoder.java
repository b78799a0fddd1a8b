package io.twinberg.replicator.verify;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.variants.Variant;
import org.jspecify.annotations.Nullable;

/**
 * Writes values so that equal ones have equal bytes and different ones have not, whatever the file
 * format that they came from. Every value says its length or has that of its type.
 */
final class ValueEncoder {
  private static final int ABSENT = 0;
  private static final int PRESENT = 1;

  private ByteBuffer buffer = ByteBuffer.allocate(1 << 10);

  void reset() {
    buffer.clear();
  }

  byte[] bytes() {
    return buffer.array();
  }

  int length() {
    return buffer.position();
  }

  void struct(Types.StructType type, StructLike row) {
    List<Types.NestedField> fields = type.fields();
    for (int i = 0; i < fields.size(); i++) {
      putInt(fields.get(i).fieldId());
      value(fields.get(i).type(), row.get(i, Object.class));
    }
  }

  private void value(Type type, @Nullable Object value) {
    if (value == null) {
      putByte(ABSENT);
      return;
    }
    putByte(PRESENT);
    switch (type.typeId()) {
      case BOOLEAN -> putByte((Boolean) value ? 1 : 0);
      // An int that became a long has the same value in files of before.
      case INTEGER, LONG -> putLong(((Number) value).longValue());
      // As a double, since a float may become one; all that are not numbers are one.
      case FLOAT, DOUBLE -> putLong(Double.doubleToLongBits(((Number) value).doubleValue()));
      case DATE -> putLong(((LocalDate) value).toEpochDay());
      case TIME -> putLong(((LocalTime) value).toNanoOfDay());
      case TIMESTAMP, TIMESTAMP_NANO -> timestamp(value);
      case STRING -> bytes(value.toString().getBytes(StandardCharsets.UTF_8));
      case UUID -> uuid((UUID) value);
      case FIXED, BINARY, GEOMETRY, GEOGRAPHY -> binary(value);
      case DECIMAL -> decimal((BigDecimal) value);
      case STRUCT -> struct(type.asStructType(), (StructLike) value);
      case LIST -> list(type.asListType(), (List<?>) value);
      case MAP -> map(type.asMapType(), (Map<?, ?>) value);
      case VARIANT -> variant((Variant) value);
      default -> throw new IllegalStateException("rows with " + type + " cannot be compared");
    }
  }

  private void timestamp(Object value) {
    LocalDateTime time =
        value instanceof OffsetDateTime zoned
            ? zoned.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()
            : (LocalDateTime) value;
    putLong(time.toEpochSecond(ZoneOffset.UTC));
    putInt(time.getNano());
  }

  private void uuid(UUID value) {
    putLong(value.getMostSignificantBits());
    putLong(value.getLeastSignificantBits());
  }

  private void binary(Object value) {
    if (value instanceof ByteBuffer bytes) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      bytes(copy);
    } else {
      bytes((byte[]) value);
    }
  }

  private void decimal(BigDecimal value) {
    putInt(value.scale());
    bytes(value.unscaledValue().toByteArray());
  }

  private void list(Types.ListType type, List<?> values) {
    putInt(values.size());
    values.forEach(value -> value(type.elementType(), value));
  }

  /** Sorted, since the order of a map's entries means nothing. */
  private void map(Types.MapType type, Map<?, ?> values) {
    List<byte[]> entries = new ArrayList<>();
    values.forEach(
        (key, value) -> {
          ValueEncoder entry = new ValueEncoder();
          entry.value(type.keyType(), key);
          entry.value(type.valueType(), value);
          entries.add(Arrays.copyOf(entry.bytes(), entry.length()));
        });
    entries.sort(Arrays::compareUnsigned);
    putInt(entries.size());
    entries.forEach(this::bytes);
  }

  private void variant(Variant value) {
    ByteBuffer bytes =
        ByteBuffer.allocate(value.metadata().sizeInBytes() + value.value().sizeInBytes())
            .order(ByteOrder.LITTLE_ENDIAN);
    int metadata = value.metadata().writeTo(bytes, 0);
    value.value().writeTo(bytes, metadata);
    bytes(bytes.array());
  }

  private void bytes(byte[] bytes) {
    putInt(bytes.length);
    room(bytes.length).put(bytes);
  }

  private void putByte(int value) {
    room(1).put((byte) value);
  }

  private void putInt(int value) {
    room(Integer.BYTES).putInt(value);
  }

  private void putLong(long value) {
    room(Long.BYTES).putLong(value);
  }

  private ByteBuffer room(int more) {
    if (buffer.remaining() < more) {
      int size = Math.max(Math.multiplyExact(buffer.capacity(), 2), buffer.position() + more);
      buffer = ByteBuffer.allocate(size).put(buffer.flip());
    }
    return buffer;
  }
}
