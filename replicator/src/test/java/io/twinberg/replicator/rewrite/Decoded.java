package io.twinberg.replicator.rewrite;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** A container file as Avro itself reads it: metadata (values as hex) and records in order. */
record Decoded(Map<String, String> metadata, Schema schema, List<GenericRecord> records) {

  static Decoded of(byte[] file) {
    return of(file, record -> {});
  }

  /** Reads a file and edits every record. */
  static Decoded of(byte[] file, Consumer<GenericRecord> edit) {
    try (DataFileStream<GenericRecord> in = open(file)) {
      List<GenericRecord> records = new ArrayList<>();
      for (GenericRecord record : in) {
        edit.accept(record);
        records.add(record);
      }
      return new Decoded(metadataOf(in), in.getSchema(), records);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a manifest and maps the paths of its entries, as a correct rewrite would. */
  static Decoded ofManifest(byte[] file, PathMapping mapping) {
    return of(file, entry -> mapPaths(entry, mapping));
  }

  /**
   * Compares two large manifests entry by entry and returns how many are the same but for paths.
   */
  static long equalEntries(byte[] copy, byte[] source, PathMapping mapping) {
    try (DataFileStream<GenericRecord> copied = open(copy);
        DataFileStream<GenericRecord> original = open(source)) {
      long equal = 0;
      while (original.hasNext() && copied.hasNext()) {
        GenericRecord expected = original.next();
        mapPaths(expected, mapping);
        equal += copied.next().equals(expected) ? 1 : 0;
      }
      return original.hasNext() || copied.hasNext() ? -1 : equal;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static DataFileStream<GenericRecord> open(byte[] file) throws IOException {
    return new DataFileStream<>(new ByteArrayInputStream(file), new GenericDatumReader<>());
  }

  private static void mapPaths(GenericRecord entry, PathMapping mapping) {
    GenericRecord dataFile = (GenericRecord) entry.get(position(entry.getSchema(), 2));
    for (int id : new int[] {100, 143}) {
      int at = position(dataFile.getSchema(), id);
      if (at >= 0 && dataFile.get(at) != null) {
        dataFile.put(at, mapping.map(dataFile.get(at).toString()));
      }
    }
    ExpectedBounds.of(dataFile).mapOrDrop(mapping);
  }

  static int position(Schema record, int fieldId) {
    for (Schema.Field field : record.getFields()) {
      if (field.getObjectProp("field-id") instanceof Integer id && id == fieldId) {
        return field.pos();
      }
    }
    return -1;
  }

  private static Map<String, String> metadataOf(DataFileStream<GenericRecord> in) {
    Map<String, String> metadata = new TreeMap<>();
    for (String key : in.getMetaKeys()) {
      metadata.put(key, HexFormat.of().formatHex(in.getMeta(key)));
    }
    return metadata;
  }
}
