package io.twinberg.replicator.rewrite;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.iceberg.ManifestFixtures;

/** A file of random records, with plain arrays or with array blocks that carry their size. */
final class RandomManifest {

  private final Random random;
  private final boolean pathBounds;

  RandomManifest(Random random) {
    this(random, true);
  }

  /** Without bounds of the path column every edit can be undone. */
  RandomManifest(Random random, boolean pathBounds) {
    this.random = random;
    this.pathBounds = pathBounds;
  }

  byte[] write(Schema schema, CodecFactory codec, int records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DataFileWriter<GenericRecord> writer =
        new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
      writer.setCodec(codec).setSyncInterval(400);
      writer.setMeta("unknown", new byte[] {0, 1, 2, -1});
      writer.create(schema, out);
      for (int i = 0; i < records; i++) {
        writer.appendEncoded(encoded(schema, (GenericRecord) value(schema, null, 0)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private ByteBuffer encoded(Schema schema, GenericRecord record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Blocking encoders write negative counts followed by sizes.
    BinaryEncoder encoder =
        random.nextBoolean()
            ? EncoderFactory.get().binaryEncoder(out, null)
            : new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null);
    new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
    encoder.flush();
    return ByteBuffer.wrap(out.toByteArray());
  }

  private Object value(Schema schema, Object id, int depth) {
    return switch (schema.getType()) {
      case NULL -> null;
      case BOOLEAN -> random.nextBoolean();
      case INT -> number(id);
      case LONG ->
          Integer.valueOf(104).equals(id)
              ? random.nextInt(1 << 30)
              : random.nextLong() >> random.nextInt(64);
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case STRING -> text(id);
      case BYTES -> ByteBuffer.wrap(bytes(random.nextInt(90)));
      case FIXED -> new GenericData.Fixed(schema, bytes(schema.getFixedSize()));
      case ENUM ->
          new GenericData.EnumSymbol(
              schema, schema.getEnumSymbols().get(random.nextInt(schema.getEnumSymbols().size())));
      case ARRAY -> list(schema, depth);
      case MAP -> map(schema, depth);
      case RECORD -> record(schema, depth);
      case UNION ->
          value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), id, depth);
    };
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private String text(Object id) {
    boolean path = Integer.valueOf(100).equals(id) || Integer.valueOf(143).equals(id);
    String prefix = path ? ManifestFixtures.SOURCE + "/data/" : "";
    return prefix + (random.nextBoolean() ? "\u00e9\u2603" : "") + "x".repeat(random.nextInt(90));
  }

  private List<Object> list(Schema schema, int depth) {
    List<Object> items = new ArrayList<>();
    for (int i = count(depth); i > 0; i--) {
      items.add(value(schema.getElementType(), null, depth + 1));
    }
    Object any = items.isEmpty() ? null : items.get(random.nextInt(items.size()));
    if (pathBounds && any instanceof GenericRecord item && random.nextBoolean()) {
      boundPath(item);
    }
    return items;
  }

  /** Turns one item of a map of bounds into that of the path column; two paths are often equal. */
  private void boundPath(GenericRecord item) {
    for (int keyId : new int[] {126, 129}) {
      int key = Decoded.position(item.getSchema(), keyId);
      if (key >= 0) {
        item.put(key, BoundItems.FILE_PATH_COLUMN);
        String path = ManifestFixtures.SOURCE + "/data/" + "ab".charAt(random.nextInt(2));
        item.put(
            Decoded.position(item.getSchema(), keyId + 1),
            ByteBuffer.wrap(path.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  private int number(Object id) {
    if (Integer.valueOf(0).equals(id)) {
      return random.nextInt(3);
    }
    if (Integer.valueOf(134).equals(id)) {
      return 1 + random.nextInt(2);
    }
    return random.nextInt() >> random.nextInt(32);
  }

  private Map<String, Object> map(Schema schema, int depth) {
    Map<String, Object> items = new HashMap<>();
    for (int i = count(depth); i > 0; i--) {
      items.put("k" + i, value(schema.getValueType(), null, depth + 1));
    }
    return items;
  }

  private int count(int depth) {
    return random.nextInt(depth > 3 ? 3 : 7);
  }

  private GenericRecord record(Schema schema, int depth) {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), value(field.schema(), field.getObjectProp("field-id"), depth + 1));
    }
    return record;
  }
}
