package io.twinberg.replicator.verify;

import io.twinberg.replicator.verify.Violation.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.MetadataColumns;
import org.jspecify.annotations.Nullable;

/**
 * Holds a manifest entry against the source's: paths stand for each other, a rewritten delete file
 * has sizes of its own, and everything else is the same.
 */
final class EntryComparison {
  static final int DATA_FILE = 2;
  static final int FILE_PATH = 100;
  static final int CONTENT = 134;
  private static final int FILE_SIZE = 104;
  private static final int COLUMN_SIZES = 108;
  private static final int LOWER_BOUNDS = 125;
  private static final int UPPER_BOUNDS = 128;
  private static final int SPLIT_OFFSETS = 132;
  private static final int REFERENCED_DATA_FILE = 143;
  private static final long POSITION_DELETES = 1;
  private static final int PATH_COLUMN = MetadataColumns.DELETE_FILE_PATH.fieldId();
  private static final Set<Integer> PATHS = Set.of(FILE_PATH);
  private static final Set<Integer> PATHS_AND_SIZES =
      Set.of(
          FILE_PATH,
          FILE_SIZE,
          COLUMN_SIZES,
          SPLIT_OFFSETS,
          REFERENCED_DATA_FILE,
          LOWER_BOUNDS,
          UPPER_BOUNDS);

  private final PathPairs pairs;
  private final Findings findings;

  EntryComparison(PathPairs pairs, Findings findings) {
    this.pairs = pairs;
    this.findings = findings;
  }

  /** Whether the entries are the same; reports the first difference if not. */
  boolean same(GenericRecord original, GenericRecord copy, String where) {
    Optional<String> difference =
        Fields.difference(original, copy, Set.of(DATA_FILE))
            .or(() -> fileDifference(file(original), file(copy), where));
    difference.ifPresent(
        field -> findings.violation(Kind.CONTENT_DIFFERS, where, original, "another " + field));
    return difference.isEmpty();
  }

  static GenericRecord file(GenericRecord entry) {
    return (GenericRecord) Objects.requireNonNull(Fields.value(entry, DATA_FILE), "data_file");
  }

  private Optional<String> fileDifference(
      GenericRecord original, GenericRecord copy, String where) {
    if (Fields.number(copy, CONTENT, 0) != POSITION_DELETES) {
      if (Fields.number(copy, CONTENT, 0) == 0) {
        pair(Fields.text(original, FILE_PATH), Fields.text(copy, FILE_PATH), where);
      }
      return Fields.difference(original, copy, PATHS);
    }
    pair(
        Fields.text(original, REFERENCED_DATA_FILE),
        Fields.text(copy, REFERENCED_DATA_FILE),
        where);
    return Fields.difference(original, copy, PATHS_AND_SIZES)
        .or(() -> referenceDifference(original, copy))
        .or(() -> boundsDifference(original, copy, where));
  }

  private static Optional<String> referenceDifference(GenericRecord original, GenericRecord copy) {
    boolean same =
        Fields.text(original, REFERENCED_DATA_FILE).isPresent()
            == Fields.text(copy, REFERENCED_DATA_FILE).isPresent();
    return same ? Optional.empty() : Optional.of("referenced_data_file");
  }

  /** Bounds of paths may be left out, since that only makes readers look closer. */
  private Optional<String> boundsDifference(
      GenericRecord original, GenericRecord copy, String where) {
    Map<Long, Object> lower = bounds(original, LOWER_BOUNDS);
    Map<Long, Object> upper = bounds(original, UPPER_BOUNDS);
    Map<Long, Object> copiedLower = bounds(copy, LOWER_BOUNDS);
    Map<Long, Object> copiedUpper = bounds(copy, UPPER_BOUNDS);
    Optional<String> file = single(lower, upper);
    Optional<String> copiedFile = single(copiedLower, copiedUpper);
    if (file.isPresent() && copiedFile.isPresent()) {
      pair(file, copiedFile, where);
    }
    List.of(lower, upper, copiedLower, copiedUpper)
        .forEach(bounds -> bounds.remove((long) PATH_COLUMN));
    if (!lower.equals(copiedLower)) {
      return Optional.of("lower_bounds");
    }
    return upper.equals(copiedUpper) ? Optional.empty() : Optional.of("upper_bounds");
  }

  /** The one path that all deletes of a file are for, where its bounds say so. */
  private static Optional<String> single(Map<Long, Object> lower, Map<Long, Object> upper) {
    Object bound = lower.get((long) PATH_COLUMN);
    return bound instanceof ByteBuffer bytes && bytes.equals(upper.get((long) PATH_COLUMN))
        ? Optional.of(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString())
        : Optional.empty();
  }

  private static Map<Long, Object> bounds(GenericRecord file, int id) {
    Map<Long, Object> bounds = new HashMap<>();
    @Nullable Object value = Fields.value(file, id);
    if (value instanceof Iterable<?> items) {
      for (Object item : items) {
        GenericRecord entry = (GenericRecord) item;
        bounds.put(((Number) entry.get("key")).longValue(), entry.get("value"));
      }
    }
    return bounds;
  }

  private void pair(Optional<String> original, Optional<String> copy, String where) {
    if (original.isPresent() && copy.isPresent() && !pairs.agree(original.get(), copy.get())) {
      findings.violation(
          Kind.PATHS_DISAGREE,
          copy.get(),
          "the file that stands for " + original.get() + " elsewhere",
          "named by " + where);
    }
  }
}
