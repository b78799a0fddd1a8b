package io.twinberg.replicator.rewrite;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;

/**
 * Random manifest schemas: the fields Iceberg needs under random names and in random order, between
 * unknown fields of every Avro type.
 */
final class RandomSchemas {

  private final Random random;
  private int names;

  RandomSchemas(Random random) {
    this.random = random;
  }

  Schema manifest() {
    return manifest(false);
  }

  Schema manifest(boolean deletes) {
    List<Schema.Field> file = new ArrayList<>();
    if (deletes) {
      add(file, Schema.create(Schema.Type.INT), 134);
    }
    if (random.nextBoolean()) {
      add(file, maybeOptional(Schema.createArray(any(2))), 108);
      add(file, maybeOptional(Schema.createArray(Schema.create(Schema.Type.LONG))), 132);
    }
    add(file, Schema.create(Schema.Type.STRING), 100);
    add(file, Schema.create(Schema.Type.STRING), 101);
    add(file, Schema.create(Schema.Type.LONG), 103);
    add(file, Schema.create(Schema.Type.LONG), 104);
    if (random.nextBoolean()) {
      add(file, optional(Schema.create(Schema.Type.STRING)), 143);
    }
    if (random.nextBoolean()) {
      add(file, optional(bounds(126, 127)), 125);
      add(file, optional(bounds(129, 130)), 128);
    }
    addUnknown(file);
    List<Schema.Field> entry = new ArrayList<>();
    add(entry, Schema.create(Schema.Type.INT), 0);
    if (random.nextBoolean()) {
      add(entry, optional(Schema.create(Schema.Type.LONG)), 1);
    }
    add(entry, record(file), 2);
    addUnknown(entry);
    return record(entry);
  }

  private Schema bounds(int keyId, int valueId) {
    List<Schema.Field> item = new ArrayList<>();
    add(item, Schema.create(Schema.Type.INT), keyId);
    add(item, Schema.create(Schema.Type.BYTES), valueId);
    if (random.nextInt(3) == 0) {
      add(item, any(1), 900_000);
    }
    return Schema.createArray(record(item));
  }

  private void addUnknown(List<Schema.Field> fields) {
    for (int i = random.nextInt(6); i > 0; i--) {
      // Ids of paths may occur elsewhere in unknown parts: only their own places count.
      add(fields, any(3), random.nextBoolean() ? 5000 + names : -1);
    }
  }

  private void add(List<Schema.Field> fields, Schema schema, int id) {
    Schema.Field field = new Schema.Field("f" + names++, schema, null, (Object) null);
    if (id >= 0) {
      field.addProp("field-id", (Object) id);
    }
    fields.add(field);
  }

  private Schema record(List<Schema.Field> fields) {
    Collections.shuffle(fields, random);
    return Schema.createRecord("r" + names++, null, "io.twinberg.random", false, fields);
  }

  private Schema optional(Schema schema) {
    Schema none = Schema.create(Schema.Type.NULL);
    return random.nextBoolean()
        ? Schema.createUnion(none, schema)
        : Schema.createUnion(schema, none);
  }

  private Schema maybeOptional(Schema schema) {
    return random.nextInt(4) == 0 ? schema : optional(schema);
  }

  private Schema any(int depth) {
    return switch (random.nextInt(depth > 0 ? 14 : 10)) {
      case 0 -> Schema.create(Schema.Type.NULL);
      case 1 -> Schema.create(Schema.Type.BOOLEAN);
      case 2 -> Schema.create(Schema.Type.INT);
      case 3 -> Schema.create(Schema.Type.LONG);
      case 4 -> Schema.create(Schema.Type.FLOAT);
      case 5 -> Schema.create(Schema.Type.DOUBLE);
      case 6 -> Schema.create(Schema.Type.STRING);
      case 7 -> Schema.create(Schema.Type.BYTES);
      case 8 -> Schema.createFixed("x" + names++, null, null, random.nextInt(20));
      case 9 -> Schema.createEnum("e" + names++, null, null, List.of("A", "B", "C"));
      case 10 -> Schema.createArray(any(depth - 1));
      case 11 -> Schema.createMap(any(depth - 1));
      case 12 -> union(depth);
      default -> nested(depth);
    };
  }

  private Schema union(int depth) {
    List<Schema> branches = new ArrayList<>();
    branches.add(Schema.create(Schema.Type.NULL));
    branches.add(Schema.create(Schema.Type.STRING));
    branches.add(Schema.create(Schema.Type.LONG));
    branches.add(nested(depth));
    Collections.shuffle(branches, random);
    return Schema.createUnion(branches);
  }

  private Schema nested(int depth) {
    List<Schema.Field> fields = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      add(fields, any(depth - 1), random.nextBoolean() ? 100 : 6000 + names);
    }
    return record(fields);
  }
}
