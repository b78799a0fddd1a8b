package io.twinberg.replicator.rewrite;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads and rewrites manifest lists of format versions 1 to 3, fields found by field id. */
public final class ManifestList {

  private ManifestList() {}

  /** Reads the manifests of a list, in its order. */
  public static List<ListedManifest> read(byte[] avro) {
    return onBytes(() -> readAll(avro));
  }

  /**
   * Copies a list with every manifest's path and length replaced by what the function answers for
   * the source path; everything else stays the same to the byte.
   */
  public static byte[] rewrite(byte[] avro, Function<String, RewrittenFile> rewritten) {
    return onBytes(() -> rewriteAll(avro, rewritten));
  }

  private static List<ListedManifest> readAll(byte[] avro) throws IOException {
    ContainerReader reader = open(avro);
    Step manifest = ListShape.compile(reader.header().schema());
    try (BlockCodec codec = codecOf(reader)) {
      Cursor cursor = new Cursor(ListShape.SLOTS);
      RecordWalk walk = new RecordWalk(codec, manifest, cursor);
      ListedReader listed = new ListedReader(cursor);
      List<ListedManifest> all = new ArrayList<>();
      while (walk.nextBlock(reader)) {
        while (walk.nextRecord()) {
          all.add(listed.read());
        }
      }
      return List.copyOf(all);
    }
  }

  private static byte[] rewriteAll(byte[] avro, Function<String, RewrittenFile> rewritten)
      throws IOException {
    ContainerReader reader = open(avro);
    Step manifest = ListShape.compile(reader.header().schema());
    ByteArrayOutputStream out = new ByteArrayOutputStream(avro.length + avro.length / 4);
    try (BlockCodec codec = codecOf(reader)) {
      ContainerWriter writer = new ContainerWriter(out, reader.header());
      Cursor cursor = new Cursor(ListShape.SLOTS);
      RecordWalk walk = new RecordWalk(codec, manifest, cursor);
      ListedReader listed = new ListedReader(cursor);
      Splicer splicer = new Splicer(cursor);
      Bytes compressed = new Bytes(64 << 10);
      while (walk.nextBlock(reader)) {
        splicer.begin();
        while (walk.nextRecord()) {
          ListedManifest source = listed.read();
          replace(splicer, rewritten.apply(source.path()));
        }
        writer.block(reader.count(), codec.compress(splicer.end(), compressed));
      }
    }
    return out.toByteArray();
  }

  private static void replace(Splicer splicer, RewrittenFile target) {
    splicer.replaceText(ListShape.PATH, target.path());
    splicer.replaceNumber(ListShape.LENGTH, target.lengthInBytes());
    splicer.endRecord();
  }

  private static ContainerReader open(byte[] avro) throws IOException {
    ContainerReader reader = new ContainerReader(new ByteArrayInputStream(avro));
    reader.header().requireKnownFormatVersion();
    return reader;
  }

  private static BlockCodec codecOf(ContainerReader reader) {
    return BlockCodec.named(reader.header().codec(), ManifestTranscoder.DEFAULT_DEFLATE_LEVEL);
  }

  /** Work on byte arrays cannot fail for want of a disk or a network. */
  private static <T> T onBytes(BytesWork<T> work) {
    try {
      return work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private interface BytesWork<T> {
    T run() throws IOException;
  }
}
