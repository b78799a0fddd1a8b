package io.twinberg.replicator.rewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The ids of partition specs in manifest lists. */
public final class ListedSpecs {
  private ListedSpecs() {}

  /** The ids that a list names. */
  public static Set<Integer> of(byte[] avro) {
    return ManifestList.read(avro).stream()
        .map(ListedManifest::specId)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Copies a list with ids replaced; everything else stays the same to the byte. */
  public static byte[] move(byte[] avro, Map<Integer, Integer> freshIds) {
    try {
      return moveAll(avro, freshIds);
    } catch (IOException e) {
      // Work on byte arrays cannot fail for want of a disk or a network.
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] moveAll(byte[] avro, Map<Integer, Integer> freshIds) throws IOException {
    ContainerReader reader = new ContainerReader(new ByteArrayInputStream(avro));
    Step manifest = ListShape.compile(reader.header().schema());
    ByteArrayOutputStream out = new ByteArrayOutputStream(avro.length);
    try (BlockCodec codec =
        BlockCodec.named(reader.header().codec(), ManifestTranscoder.DEFAULT_DEFLATE_LEVEL)) {
      ContainerWriter writer = new ContainerWriter(out, reader.header());
      Cursor cursor = new Cursor(ListShape.SLOTS);
      RecordWalk walk = new RecordWalk(codec, manifest, cursor);
      ListedReader listed = new ListedReader(cursor);
      Splicer splicer = new Splicer(cursor);
      Bytes compressed = new Bytes(64 << 10);
      while (walk.nextBlock(reader)) {
        splicer.begin();
        while (walk.nextRecord()) {
          Integer fresh = freshIds.get(listed.read().specId());
          if (fresh != null) {
            splicer.replaceNumber(ListShape.SPEC_ID, fresh);
          }
          splicer.endRecord();
        }
        writer.block(reader.count(), codec.compress(splicer.end(), compressed));
      }
    }
    return out.toByteArray();
  }
}
