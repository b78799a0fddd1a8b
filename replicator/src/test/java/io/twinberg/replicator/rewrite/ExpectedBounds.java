package io.twinberg.replicator.rewrite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/** What a correct rewrite makes of the bounds of the path column, on decoded records. */
record ExpectedBounds(GenericRecord file) {
  private static final int LOWER = 125;
  private static final int UPPER = 128;

  static ExpectedBounds of(GenericRecord file) {
    return new ExpectedBounds(file);
  }

  /** Equal bounds are mapped, others go. */
  void mapOrDrop(PathMapping mapping) {
    Optional<ByteBuffer> lower = bound(LOWER);
    Optional<ByteBuffer> upper = bound(UPPER);
    Optional<String> path =
        lower.isPresent() && lower.equals(upper)
            ? Optional.of(mapping.map(text(lower.get())))
            : Optional.empty();
    set(LOWER, path);
    set(UPPER, path);
  }

  /** Bounds that are there become those of the rewritten file. */
  void become(String lower, String upper) {
    set(LOWER, Optional.of(lower));
    set(UPPER, Optional.of(upper));
  }

  private static String text(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  private Optional<ByteBuffer> bound(int fieldId) {
    return items(fieldId).stream()
        .filter(item -> isPath(item, fieldId))
        .map(item -> (ByteBuffer) item.get(Decoded.position(item.getSchema(), fieldId + 2)))
        .findFirst();
  }

  private void set(int fieldId, Optional<String> path) {
    List<GenericRecord> items = items(fieldId);
    if (items.stream().noneMatch(item -> isPath(item, fieldId))) {
      return;
    }
    List<GenericRecord> changed = new ArrayList<>(items);
    if (path.isEmpty()) {
      changed.removeIf(item -> isPath(item, fieldId));
    }
    for (GenericRecord item : changed) {
      if (isPath(item, fieldId)) {
        item.put(
            Decoded.position(item.getSchema(), fieldId + 2),
            ByteBuffer.wrap(path.get().getBytes(StandardCharsets.UTF_8)));
      }
    }
    file.put(Decoded.position(file.getSchema(), fieldId), changed);
  }

  @SuppressWarnings("unchecked")
  private List<GenericRecord> items(int fieldId) {
    int at = Decoded.position(file.getSchema(), fieldId);
    return at < 0 || file.get(at) == null ? List.of() : (List<GenericRecord>) file.get(at);
  }

  private static boolean isPath(GenericRecord item, int fieldId) {
    int key = Decoded.position(item.getSchema(), fieldId + 1);
    return Integer.valueOf(BoundItems.FILE_PATH_COLUMN).equals(item.get(key));
  }
}
