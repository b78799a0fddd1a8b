package io.twinberg.replicator.rewrite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Copies blocks of one manifest, one after the other: its buffers, its codec. Other blocks of the
 * manifest may be copied at the same time by others of its kind.
 */
final class BlockCopy implements AutoCloseable {

  /** An entry of a block and where its file goes. */
  record Entry(ManifestEntry source, String target) {}

  private final BlockCodec codec;
  private final RecordWalk walk;
  private final Splicer splicer;
  private final EntryReader entries;
  private final EntryPatch patch;
  private final boolean deletes;
  private final Bytes compressed = new Bytes(64 << 10);
  private Bytes copy = compressed;
  // Guarded by this.
  private boolean closed;

  BlockCopy(BlockCodec codec, Step entry, PathMapping mapping, boolean deletes) {
    Cursor cursor = new Cursor(ManifestShape.SLOTS);
    this.codec = codec;
    this.walk = new RecordWalk(codec, entry, cursor);
    this.splicer = new Splicer(cursor);
    this.entries = new EntryReader(cursor);
    this.patch = new EntryPatch(cursor, splicer, mapping);
    this.deletes = deletes;
  }

  /** Copies a block of data files. */
  synchronized List<Entry> data(Bytes block, long count, long number) {
    if (closed) {
      throw new IllegalStateException("nobody waits for this block any more");
    }
    walk.enter(block, count, number);
    List<Entry> copied = new ArrayList<>();
    splicer.begin();
    while (walk.nextRecord()) {
      ManifestEntry source = read();
      copied.add(new Entry(source, patch.copied(source)));
    }
    compress();
    return copied;
  }

  /** Decompresses a block of delete files and reads it. */
  List<ManifestEntry> read(Bytes block, long count, long number) {
    walk.enter(block, count, number);
    List<ManifestEntry> read = new ArrayList<>();
    while (walk.nextRecord()) {
      read.add(read());
    }
    return read;
  }

  /** Copies the block that was read. */
  void deletes(List<ManifestEntry> block, Map<String, RewrittenDelete> rewritten) {
    walk.rewind();
    splicer.begin();
    for (int i = 0; walk.nextRecord(); i++) {
      ManifestEntry source = block.get(i);
      patch(source, Optional.ofNullable(rewritten.get(source.path())));
    }
    compress();
  }

  private void compress() {
    copy = codec.compress(splicer.end(), compressed);
  }

  private void patch(ManifestEntry source, Optional<RewrittenDelete> target) {
    if (source.isPositionDelete() && target.isPresent()) {
      patch.rewritten(source, target.get());
    } else if (source.isPositionDelete() && source.isLive()) {
      throw new IllegalStateException("nothing was rewritten for " + source.path());
    } else {
      patch.copied(source);
    }
  }

  private ManifestEntry read() {
    ManifestEntry source = entries.read();
    source.requireContentOf(deletes);
    return source;
  }

  /** The copy, compressed; good until the next block comes. */
  Bytes copy() {
    return copy;
  }

  /** Waits for a block under way: codecs are native and do not survive being closed in use. */
  @Override
  public synchronized void close() {
    closed = true;
    codec.close();
  }
}
