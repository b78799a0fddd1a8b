package io.twinberg.replicator.rewrite;

import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import java.io.IOException;

/** One run of the manifest transcoder: its buffers, its counts. */
final class ManifestCopy {

  private final ContainerReader reader;
  private final ContainerWriter writer;
  private final Cursor cursor = new Cursor(ManifestShape.SLOTS);
  private final Splicer splicer = new Splicer(cursor);
  private final EntryReader entries = new EntryReader(cursor);
  private final RecordWalk walk;
  private final long[] counts = new long[Status.values().length];

  ManifestCopy(ContainerReader reader, BlockCodec codec, Step entry, ContainerWriter writer) {
    this.reader = reader;
    this.writer = writer;
    this.walk = new RecordWalk(reader, codec, entry, cursor);
  }

  TranscodedManifest run(PathMapping mapping, EntryVisitor visitor) throws IOException {
    while (walk.nextBlock()) {
      splicer.begin();
      while (walk.nextRecord()) {
        copyEntry(mapping, visitor);
      }
      writer.block(reader.count(), splicer.end());
    }
    return new TranscodedManifest(
        reader.position(),
        writer.position(),
        counts[Status.ADDED.ordinal()],
        counts[Status.EXISTING.ordinal()],
        counts[Status.DELETED.ordinal()]);
  }

  private void copyEntry(PathMapping mapping, EntryVisitor visitor) {
    ManifestEntry source = entries.read();
    String target = mapping.map(source.path());
    if (!cursor.has(ManifestShape.REFERENCED_PATH)) {
      replacePath(ManifestShape.PATH, source.path(), target);
    } else {
      replaceBoth(source.path(), target, mapping);
    }
    counts[source.status().ordinal()]++;
    visitor.visit(source, target);
  }

  private void replaceBoth(String path, String target, PathMapping mapping) {
    String referenced = cursor.text(ManifestShape.REFERENCED_PATH);
    String referencedTarget = mapping.map(referenced);
    if (cursor.start(ManifestShape.PATH) < cursor.start(ManifestShape.REFERENCED_PATH)) {
      replacePath(ManifestShape.PATH, path, target);
      replacePath(ManifestShape.REFERENCED_PATH, referenced, referencedTarget);
    } else {
      replacePath(ManifestShape.REFERENCED_PATH, referenced, referencedTarget);
      replacePath(ManifestShape.PATH, path, target);
    }
  }

  /** Leaves the bytes alone where nothing changes: a writer may have padded the length prefix. */
  private void replacePath(int slot, String source, String target) {
    if (!target.equals(source)) {
      splicer.replaceText(slot, target);
    }
  }
}
