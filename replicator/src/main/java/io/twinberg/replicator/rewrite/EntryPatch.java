package io.twinberg.replicator.rewrite;

import io.twinberg.replica.PathRange;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts the replica's paths and sizes in the place of the source's, in one entry at a time. */
final class EntryPatch {

  private final Cursor cursor;
  private final Splicer splicer;
  private final PathMapping mapping;

  EntryPatch(Cursor cursor, Splicer splicer, PathMapping mapping) {
    this.cursor = cursor;
    this.splicer = splicer;
    this.mapping = mapping;
  }

  /** Patches the entry of a file that is copied byte for byte, and returns its target path. */
  String copied(ManifestEntry source) {
    String target = mapping.map(source.path());
    patchPaths(source, target);
    patchBounds(mappedBounds());
    splicer.endRecord();
    return target;
  }

  /** Patches the entry of a delete file that was rewritten. */
  void rewritten(ManifestEntry source, RewrittenDelete target) {
    patchPaths(source, target.path());
    if (target.lengthInBytes() != source.lengthInBytes()) {
      splicer.replaceNumber(ManifestShape.LENGTH, target.lengthInBytes());
    }
    // They tell where things stand in a file that the replica does not have.
    clear(ManifestShape.COLUMN_SIZES);
    clear(ManifestShape.SPLIT_OFFSETS);
    patchBounds(target.paths().isPresent() ? target.paths().get() : mappedBounds());
    splicer.endRecord();
  }

  /**
   * Equal bounds are one path, which is how readers know a delete file of one data file. Some
   * writers cut bounds short; what is left then need not be a path that may be mapped.
   */
  private @Nullable PathRange mappedBounds() {
    if (!cursor.boundsAreEqual()) {
      return null;
    }
    String path = cursor.text(cursor.bounds[ManifestShape.LOWER]);
    return mapping.accepts(path) ? PathRange.of(mapping.map(path)) : null;
  }

  private void patchPaths(ManifestEntry source, String target) {
    replacePath(ManifestShape.PATH, source.path(), target);
    if (cursor.has(ManifestShape.REFERENCED_PATH)) {
      String referenced = cursor.text(ManifestShape.REFERENCED_PATH);
      replacePath(ManifestShape.REFERENCED_PATH, referenced, mapping.map(referenced));
    }
  }

  /** Leaves the bytes alone where nothing changes: a writer may have padded the length prefix. */
  private void replacePath(int slot, String source, String target) {
    if (!target.equals(source)) {
      splicer.replaceText(slot, target);
    }
  }

  /**
   * Bounds that nobody can vouch for go: no mapping keeps the order of all strings, and a reader
   * that trusts a wrong bound skips deletes, while one without bounds only reads more.
   */
  private void patchBounds(@Nullable PathRange paths) {
    patchBound(cursor.bounds[ManifestShape.LOWER], paths == null ? null : paths.lower());
    patchBound(cursor.bounds[ManifestShape.UPPER], paths == null ? null : paths.upper());
  }

  private void patchBound(BoundPlace bound, @Nullable String path) {
    if (!bound.present) {
      return;
    }
    if (path == null) {
      splicer.removeBound(bound);
    } else if (!cursor.holds(bound, path.getBytes(StandardCharsets.UTF_8))) {
      splicer.replaceBound(bound, path);
    }
  }

  private void clear(int slot) {
    if (cursor.has(slot)) {
      splicer.replaceNumber(slot, cursor.number(slot));
    }
  }
}
