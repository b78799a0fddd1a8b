package io.twinberg.replicator.rewrite;

import io.twinberg.replica.PathRange;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** Rewritten delete files made up for a test, and what they make of a manifest's records. */
final class ExpectedDeletes implements DeleteTargets {
  private final Map<String, RewrittenDelete> made = new HashMap<>();
  private final Queue<Optional<RewrittenDelete>> decided = new ArrayDeque<>();
  private final PathMapping mapping;
  private final Random random;

  ExpectedDeletes(PathMapping mapping, long seed) {
    this.mapping = mapping;
    this.random = Transcodings.random(seed);
  }

  @Override
  public Map<String, RewrittenDelete> of(List<ManifestEntry> entries) {
    Map<String, RewrittenDelete> answer = new HashMap<>();
    for (ManifestEntry entry : entries) {
      if (entry.isPositionDelete() && (entry.isLive() || made.containsKey(entry.path()))) {
        answer.put(entry.path(), made.computeIfAbsent(entry.path(), this::make));
      }
    }
    // The last block's answers hold for all of its entries and for no earlier ones.
    entries.forEach(
        entry ->
            decided.add(
                entry.isPositionDelete()
                    ? Optional.ofNullable(answer.get(entry.path()))
                    : Optional.empty()));
    return answer;
  }

  private RewrittenDelete make(String path) {
    String target = mapping.map(path) + "-7-abc";
    Optional<PathRange> paths =
        path.endsWith(".puffin") || random.nextInt(5) == 0
            ? Optional.empty()
            : Optional.of(new PathRange("s3://r/low" + made.size(), "s3://r/up" + made.size()));
    return new RewrittenDelete(target, random.nextInt(1 << 30), paths);
  }

  /** Edits the next decoded entry as a correct rewrite would. */
  void edit(GenericRecord entry) {
    GenericRecord file = (GenericRecord) entry.get(Decoded.position(entry.getSchema(), 2));
    RewrittenDelete target = decided.remove().orElse(null);
    int referenced = Decoded.position(file.getSchema(), 143);
    if (referenced >= 0 && file.get(referenced) != null) {
      put(file, 143, mapping.map(file.get(referenced).toString()));
    }
    if (target == null) {
      put(file, 100, mapping.map(get(file, 100).toString()));
      ExpectedBounds.of(file).mapOrDrop(mapping);
      return;
    }
    put(file, 100, target.path());
    put(file, 104, target.lengthInBytes());
    clear(file, 108);
    clear(file, 132);
    target
        .paths()
        .ifPresentOrElse(
            paths -> ExpectedBounds.of(file).become(paths.lower(), paths.upper()),
            () -> ExpectedBounds.of(file).mapOrDrop(mapping));
  }

  private static Object get(GenericRecord record, int fieldId) {
    return record.get(Decoded.position(record.getSchema(), fieldId));
  }

  private static void put(GenericRecord record, int fieldId, Object value) {
    record.put(Decoded.position(record.getSchema(), fieldId), value);
  }

  private static void clear(GenericRecord file, int fieldId) {
    int at = Decoded.position(file.getSchema(), fieldId);
    if (at >= 0) {
      boolean array = file.getSchema().getFields().get(at).schema().getType() == Schema.Type.ARRAY;
      file.put(at, array ? new ArrayList<>() : null);
    }
  }
}
