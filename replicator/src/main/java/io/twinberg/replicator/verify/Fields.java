package io.twinberg.replicator.verify;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Fields of Avro records by Iceberg's field ids. */
final class Fields {
  private Fields() {}

  static int id(Schema.Field field) {
    Object id = field.getObjectProp("field-id");
    return id instanceof Number number ? number.intValue() : -1;
  }

  /** The value of the field with an id; null where the file has no such field. */
  static @Nullable Object value(GenericRecord row, int id) {
    for (Schema.Field field : row.getSchema().getFields()) {
      if (id(field) == id) {
        return row.get(field.pos());
      }
    }
    return null;
  }

  static Optional<String> text(GenericRecord row, int id) {
    return Optional.ofNullable(value(row, id)).map(Object::toString);
  }

  static long number(GenericRecord row, int id, long absent) {
    return value(row, id) instanceof Number number ? number.longValue() : absent;
  }

  /** The name of the first field in which two records differ, but for the ids left out. */
  static Optional<String> difference(
      GenericRecord source, GenericRecord replica, Set<Integer> leftOut) {
    if (source.getSchema().getFields().size() != replica.getSchema().getFields().size()) {
      return Optional.of("number of fields");
    }
    for (Schema.Field field : source.getSchema().getFields()) {
      if (!leftOut.contains(id(field))
          && !Objects.equals(source.get(field.pos()), replica.get(field.pos()))) {
        return Optional.of(field.name());
      }
    }
    return Optional.empty();
  }
}
