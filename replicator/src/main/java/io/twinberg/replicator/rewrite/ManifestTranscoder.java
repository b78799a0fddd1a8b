package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Copies data manifests with every path mapped and everything else untouched: header, schema,
 * codec, blocks, order, nulls and fields it has never heard of. One input and one mapping give the
 * same bytes every time. Holds one block in memory at a time; may be used by several threads.
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
   * Streams a manifest from in to out, closing neither. What was written is of use only if this
   * returns; damaged sources end in {@link CorruptManifestException}, delete manifests and other
   * content that cannot be mapped in {@link UnsupportedManifestException}, and what the mapping or
   * the visitor throws comes through unchanged.
   */
  public TranscodedManifest transcode(InputStream in, OutputStream out, EntryVisitor visitor)
      throws IOException {
    ContainerReader reader = new ContainerReader(in);
    requireDataManifest(reader.header());
    Step entry = ManifestShape.compile(reader.header().schema());
    try (BlockCodec codec = BlockCodec.named(reader.header().codec(), deflateLevel)) {
      ContainerWriter writer = new ContainerWriter(out, reader.header(), codec);
      return new ManifestCopy(reader, codec, entry, writer).run(mapping, visitor);
    }
  }

  private static void requireDataManifest(AvroHeader header) {
    header.requireKnownFormatVersion();
    String content = header.text("content", "data");
    if (!"data".equals(content)) {
      throw new UnsupportedManifestException(
          "a manifest of content '" + content + "': only data manifests can be rewritten yet");
    }
  }
}
