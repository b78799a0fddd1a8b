package io.twinberg.replicator.rewrite;

import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/** The fields of a manifest list that matter here, by field id, and their slots. */
final class ListShape {

  static final int PATH = 0;
  static final int LENGTH = 1;
  static final int SPEC_ID = 2;
  static final int ADDED_SNAPSHOT_ID = 3;
  static final int ADDED_FILES = 4;
  static final int EXISTING_FILES = 5;
  static final int DELETED_FILES = 6;
  static final int SEQUENCE_NUMBER = 7;
  static final int MIN_SEQUENCE_NUMBER = 8;
  static final int CONTENT = 9;
  static final int KEY_METADATA = 10;
  static final int FIRST_ROW_ID = 11;
  static final int SLOTS = 12;

  private static final Map<Integer, Wanted> MANIFEST =
      Map.ofEntries(
          Map.entry(500, new Wanted.Text(PATH)),
          Map.entry(501, new Wanted.Number(LENGTH)),
          Map.entry(502, new Wanted.Number(SPEC_ID)),
          Map.entry(503, new Wanted.Number(ADDED_SNAPSHOT_ID)),
          Map.entry(504, new Wanted.Number(ADDED_FILES)),
          Map.entry(505, new Wanted.Number(EXISTING_FILES)),
          Map.entry(506, new Wanted.Number(DELETED_FILES)),
          Map.entry(515, new Wanted.Number(SEQUENCE_NUMBER)),
          Map.entry(516, new Wanted.Number(MIN_SEQUENCE_NUMBER)),
          Map.entry(517, new Wanted.Number(CONTENT)),
          Map.entry(519, new Wanted.Blob(KEY_METADATA)),
          Map.entry(520, new Wanted.Number(FIRST_ROW_ID)));

  private static final Set<Integer> REQUIRED = Set.of(500, 501, 502, 503);

  private ListShape() {}

  static Step compile(Schema writerSchema) {
    return SchemaCompiler.compile(writerSchema, MANIFEST, REQUIRED);
  }
}
