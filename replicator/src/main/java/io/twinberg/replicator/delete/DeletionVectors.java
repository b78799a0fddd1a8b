package io.twinberg.replicator.delete;

import io.twinberg.replicator.rewrite.PathMapping;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreOutput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Rewrites a Puffin file of deletion vectors: the vectors stay where they are to the byte, since
 * manifest entries hold their offsets; only the footer behind them names data files.
 */
final class DeletionVectors {
  private static final int CHUNK_BYTES = 64 << 10;

  private DeletionVectors() {}

  static RewrittenDelete rewrite(
      LocalCopy source, PathMapping mapping, ObjectStore destination, String target) {
    try (RandomAccessFile in = new RandomAccessFile(source.path().toFile(), "r")) {
      PuffinFooter footer = footer(source, in);
      footer.mapPaths(mapping);
      long length = write(in, footer, destination.create(target));
      return new RewrittenDelete(target, length, Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static PuffinFooter footer(LocalCopy source, RandomAccessFile in) {
    try {
      return PuffinFooter.read(in);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw Rows.damaged(source.location(), e);
    }
  }

  private static long write(RandomAccessFile in, PuffinFooter footer, StoreOutput out)
      throws IOException {
    try {
      in.seek(0);
      byte[] chunk = new byte[CHUNK_BYTES];
      while (out.written() < footer.start()) {
        int count = (int) Math.min(chunk.length, footer.start() - out.written());
        in.readFully(chunk, 0, count);
        out.write(chunk, 0, count);
      }
      out.write(footer.bytes());
    } catch (IOException | RuntimeException e) {
      out.abort();
      throw e;
    }
    out.close();
    return out.written();
  }
}
