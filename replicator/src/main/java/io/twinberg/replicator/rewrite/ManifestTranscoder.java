package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.Executor;

/**
 * Copies manifests with every path mapped and everything else untouched: header, schema, codec,
 * blocks, order, nulls and fields it has never heard of. One input and one mapping give the same
 * bytes every time. Holds a few blocks in memory at a time; may be used by several threads.
 */
public final class ManifestTranscoder {

  /** Deflate level of rewritten files: files grow by a few percent, at over twice the speed. */
  public static final int DEFAULT_DEFLATE_LEVEL = 1;

  private final PathMapping mapping;
  private final int deflateLevel;
  private final Executor helpers;
  private final int width;

  /** A transcoder that does everything in the calling thread. */
  public ManifestTranscoder(PathMapping mapping) {
    this(mapping, DEFAULT_DEFLATE_LEVEL, Runnable::run, 1);
  }

  /** A transcoder with a deflate level of 0 to 9, used for manifests that are deflated already. */
  public ManifestTranscoder(PathMapping mapping, int deflateLevel) {
    this(mapping, deflateLevel, Runnable::run, 1);
  }

  /** A transcoder whose large manifests are helped with, so many blocks at a time. */
  public ManifestTranscoder(PathMapping mapping, Executor helpers, int width) {
    this(mapping, DEFAULT_DEFLATE_LEVEL, helpers, width);
  }

  private ManifestTranscoder(PathMapping mapping, int deflateLevel, Executor helpers, int width) {
    if (deflateLevel < 0 || deflateLevel > 9) {
      throw new IllegalArgumentException("deflate level " + deflateLevel + " is not in 0 to 9");
    }
    if (width < 1) {
      throw new IllegalArgumentException("a width of " + width + " blocks");
    }
    this.mapping = mapping;
    this.deflateLevel = deflateLevel;
    this.helpers = helpers;
    this.width = width;
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
    Step entry = ManifestShape.compile(reader.header().schema());
    // Without compression a manifest is copied as fast as it is read.
    int blocks = reader.header().codec().equals("null") ? 1 : width;
    try (Blocks copied = new Blocks(() -> blockCopy(reader, entry, false), helpers, blocks)) {
      return copy(reader, out).data(copied, visitor);
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
    Step entry = ManifestShape.compile(reader.header().schema());
    try (BlockCopy block = blockCopy(reader, entry, true)) {
      return copy(reader, out).deletes(block, targets);
    }
  }

  private static ManifestCopy copy(ContainerReader reader, OutputStream out) throws IOException {
    return new ManifestCopy(reader, new ContainerWriter(out, reader.header()));
  }

  private BlockCopy blockCopy(ContainerReader reader, Step entry, boolean deletes) {
    return new BlockCopy(codecOf(reader), entry, mapping, deletes);
  }

  private BlockCodec codecOf(ContainerReader reader) {
    return BlockCodec.named(reader.header().codec(), deflateLevel);
  }

  private static void requireContent(AvroHeader header, String expected) {
    header.requireKnownFormatVersion();
    BlockCodec.requireKnown(header.codec());
    // Iceberg goes by the manifest list; not every writer repeats it here.
    String content = header.text("content", expected);
    if (!expected.equals(content)) {
      throw new UnsupportedManifestException(
          "a manifest of content '%s' where its manifest list says '%s'"
              .formatted(content, expected));
    }
  }
}
