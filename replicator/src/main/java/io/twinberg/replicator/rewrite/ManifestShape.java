package io.twinberg.replicator.rewrite;

import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/** The fields of a manifest that matter here, by field id, and their slots. */
final class ManifestShape {

  static final int STATUS = 0;
  static final int SNAPSHOT_ID = 1;
  static final int CONTENT = 2;
  static final int PATH = 3;
  static final int FORMAT = 4;
  static final int RECORD_COUNT = 5;
  static final int LENGTH = 6;
  static final int REFERENCED_PATH = 7;
  static final int COLUMN_SIZES = 8;
  static final int SPLIT_OFFSETS = 9;
  static final int SLOTS = 10;

  /** The places of bounds. */
  static final int LOWER = 0;

  static final int UPPER = 1;

  private static final Map<Integer, Wanted> DATA_FILE =
      Map.of(
          134, new Wanted.Number(CONTENT),
          100, new Wanted.Text(PATH),
          101, new Wanted.Text(FORMAT),
          103, new Wanted.Number(RECORD_COUNT),
          104, new Wanted.Number(LENGTH),
          108, new Wanted.Clearable(COLUMN_SIZES),
          132, new Wanted.Clearable(SPLIT_OFFSETS),
          143, new Wanted.Text(REFERENCED_PATH),
          125, new Wanted.Bounds(LOWER, 126, 127),
          128, new Wanted.Bounds(UPPER, 129, 130));

  private static final Map<Integer, Wanted> ENTRY =
      Map.of(
          0, new Wanted.Number(STATUS),
          1, new Wanted.Number(SNAPSHOT_ID),
          2, new Wanted.Inside(DATA_FILE));

  private static final Set<Integer> REQUIRED = Set.of(0, 2, 100, 101, 103, 104);

  private ManifestShape() {}

  static Step compile(Schema writerSchema) {
    return SchemaCompiler.compile(writerSchema, ENTRY, REQUIRED);
  }
}
