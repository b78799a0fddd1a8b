package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Copies manifests with every path mapped and everything else untouched: header, schema, codec,
 * blocks, order, nulls and fields it has never heard of. One input and one mapping give the same
 * bytes every time. Holds one block in memory at a time; may be used by several threads.
 */
public final class ManifestTranscoder {

  /** Deflate level of rewritten files: files grow by a few percent, at over twice the speed. */
  public static final int DEFAULT_DEFLATE_LEVEL = 1;

  private final PathMapping mapping;
  private final int deflateLevel;

  /** A transcoder with the default deflate level. */
  public ManifestTranscoder(PathMapping mapping) {
    this(mapping, DEFAULT_DEFLATE_LEVEL);
  }

  /** A transcoder with a deflate level of 0 to 9, used for manifests that are deflated already. */
  public ManifestTranscoder(PathMapping mapping, int deflateLevel) {
    if (deflateLevel < 0 || deflateLevel > 9) {
      throw new IllegalArgumentException("deflate level " + deflateLevel + " is not in 0 to 9");
    }
    this.mapping = mapping;
    this.deflateLevel = deflateLevel;
  }

  /**
   * Streams a data manifest from in to out, closing neither. What was written is of use only if
   * this returns; damaged sources end in {@link CorruptManifestException}, content that cannot be
   * mapped in {@link UnsupportedManifestException}, and what the mapping or the visitor throws
   * comes through unchanged.
   */
  public TranscodedManifest transcode(InputStream in, OutputStream out, EntryVisitor visitor)
      throws IOException {
    ContainerReader reader = new ContainerReader(in);
    requireContent(reader.header(), "data");
    try (BlockCodec codec = codecOf(reader)) {
      return copy(reader, codec, out).data(visitor);
    }
  }

  /**
   * Streams a delete manifest like {@link #transcode} does a data manifest, with the sizes of the
   * rewritten delete files in the place of the source's.
   */
  public TranscodedManifest transcodeDeletes(
      InputStream in, OutputStream out, DeleteTargets targets)
      throws IOException, InterruptedException {
    ContainerReader reader = new ContainerReader(in);
    requireContent(reader.header(), "deletes");
    try (BlockCodec codec = codecOf(reader)) {
      return copy(reader, codec, out).deletes(targets);
    }
  }

  private ManifestCopy copy(ContainerReader reader, BlockCodec codec, OutputStream out)
      throws IOException {
    Step entry = ManifestShape.compile(reader.header().schema());
    ContainerWriter writer = new ContainerWriter(out, reader.header(), codec);
    return new ManifestCopy(reader, codec, entry, writer, mapping);
  }

  private BlockCodec codecOf(ContainerReader reader) {
    return BlockCodec.named(reader.header().codec(), deflateLevel);
  }

  private static void requireContent(AvroHeader header, String expected) {
    header.requireKnownFormatVersion();
    // Iceberg goes by the manifest list; not every writer repeats it here.
    String content = header.text("content", expected);
    if (!expected.equals(content)) {
      throw new UnsupportedManifestException(
          "a manifest of content '%s' where its manifest list says '%s'"
              .formatted(content, expected));
    }
  }
}
