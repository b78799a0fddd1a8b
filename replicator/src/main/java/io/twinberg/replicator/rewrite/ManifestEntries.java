package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;

/** Reads the entries of a manifest, of data or of deletes, one block in memory at a time. */
public final class ManifestEntries {

  private ManifestEntries() {}

  /** Hands every entry to the visitor, in file order. */
  public static void read(InputStream in, Consumer<ManifestEntry> visitor) throws IOException {
    ContainerReader reader = new ContainerReader(in);
    reader.header().requireKnownFormatVersion();
    Step entry = ManifestShape.compile(reader.header().schema());
    Cursor cursor = new Cursor(ManifestShape.SLOTS);
    EntryReader entries = new EntryReader(cursor);
    try (BlockCodec codec =
        BlockCodec.named(reader.header().codec(), ManifestTranscoder.DEFAULT_DEFLATE_LEVEL)) {
      RecordWalk walk = new RecordWalk(codec, entry, cursor);
      while (walk.nextBlock(reader)) {
        while (walk.nextRecord()) {
          visitor.accept(entries.read());
        }
      }
    }
  }
}
