package io.twinberg.replicator.rewrite;

import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of the manifest transcoder: its buffers, its counts. */
final class ManifestCopy {

  private final ContainerReader reader;
  private final ContainerWriter writer;
  private final Splicer splicer;
  private final EntryReader entries;
  private final EntryPatch patch;
  private final RecordWalk walk;
  private final long[] counts = new long[Status.values().length];

  ManifestCopy(
      ContainerReader reader,
      BlockCodec codec,
      Step entry,
      ContainerWriter writer,
      PathMapping mapping) {
    Cursor cursor = new Cursor(ManifestShape.SLOTS);
    this.reader = reader;
    this.writer = writer;
    this.splicer = new Splicer(cursor);
    this.entries = new EntryReader(cursor);
    this.patch = new EntryPatch(cursor, splicer, mapping);
    this.walk = new RecordWalk(reader, codec, entry, cursor);
  }

  /** Copies a data manifest. */
  TranscodedManifest data(EntryVisitor visitor) throws IOException {
    while (walk.nextBlock()) {
      splicer.begin();
      while (walk.nextRecord()) {
        ManifestEntry source = entries.read();
        source.requireContentOf(false);
        String target = patch.copied(source);
        counted(source);
        visitor.visit(source, target);
      }
      writer.block(reader.count(), splicer.end());
    }
    return result();
  }

  /**
   * Copies a delete manifest: each block's files first, then the block, which names their sizes.
   */
  TranscodedManifest deletes(DeleteTargets targets) throws IOException, InterruptedException {
    List<ManifestEntry> block = new ArrayList<>();
    while (walk.nextBlock()) {
      readBlock(block);
      Map<String, RewrittenDelete> rewritten = targets.of(List.copyOf(block));
      walk.rewind();
      splicer.begin();
      for (int i = 0; walk.nextRecord(); i++) {
        copyDelete(block.get(i), rewritten.get(block.get(i).path()));
      }
      writer.block(reader.count(), splicer.end());
    }
    return result();
  }

  private void readBlock(List<ManifestEntry> block) {
    block.clear();
    while (walk.nextRecord()) {
      ManifestEntry source = entries.read();
      source.requireContentOf(true);
      block.add(source);
    }
  }

  private void copyDelete(ManifestEntry source, @Nullable RewrittenDelete target) {
    if (target != null && source.isPositionDelete()) {
      patch.rewritten(source, target);
    } else if (source.isPositionDelete() && source.isLive()) {
      throw new IllegalStateException("nothing was rewritten for " + source.path());
    } else {
      patch.copied(source);
    }
    counted(source);
  }

  private void counted(ManifestEntry entry) {
    counts[entry.status().ordinal()]++;
  }

  private TranscodedManifest result() {
    return new TranscodedManifest(
        reader.position(),
        writer.position(),
        counts[Status.ADDED.ordinal()],
        counts[Status.EXISTING.ordinal()],
        counts[Status.DELETED.ordinal()]);
  }
}
