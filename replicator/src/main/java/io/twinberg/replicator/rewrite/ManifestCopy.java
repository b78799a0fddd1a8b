package io.twinberg.replicator.rewrite;

import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import java.io.IOException;
import java.util.List;

/** One run of the manifest transcoder: from a reader to a writer, with counts. */
final class ManifestCopy {

  private final ContainerReader reader;
  private final ContainerWriter writer;
  private final long[] counts = new long[Status.values().length];

  ManifestCopy(ContainerReader reader, ContainerWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /** Copies a data manifest. */
  TranscodedManifest data(Blocks blocks, EntryVisitor visitor) throws IOException {
    while (blocks.next(reader)) {
      writer.block(blocks.count(), blocks.copy());
      for (BlockCopy.Entry entry : blocks.entries()) {
        counted(entry.source());
        visitor.visit(entry.source(), entry.target());
      }
    }
    return result();
  }

  /**
   * Copies a delete manifest: each block's files first, then the block, which names their sizes.
   */
  TranscodedManifest deletes(BlockCopy copy, DeleteTargets targets)
      throws IOException, InterruptedException {
    while (reader.next()) {
      List<ManifestEntry> block = copy.read(reader.block(), reader.count(), reader.blockNumber());
      copy.deletes(block, targets.of(List.copyOf(block)));
      block.forEach(this::counted);
      writer.block(reader.count(), copy.copy());
    }
    return result();
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
