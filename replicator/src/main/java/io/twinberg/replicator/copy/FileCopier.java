package io.twinberg.replicator.copy;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import io.twinberg.storage.StoreOutput;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Copies files byte for byte from one store to another and vouches for the result.
 *
 * <p>The store copies by itself where it can; else the bytes are streamed, with at most {@link
 * #WHOLE_FILE_LIMIT} or one part of an upload in memory. Copying again writes the same again, so a
 * crash at any point costs only the repetition. Used by many threads at once.
 */
public final class FileCopier {
  /** Files up to this size are read whole and written with one PUT. */
  static final int WHOLE_FILE_LIMIT = 8 * 1024 * 1024;

  private static final int CHUNK = 128 * 1024;

  private final ObjectStore source;
  private final ObjectStore destination;

  /** Set once the destination refused to copy what it then let us stream. */
  private volatile boolean streamOnly;

  /** A copier between two stores, which stay the caller's to close. */
  public FileCopier(ObjectStore source, ObjectStore destination) {
    this.source = source;
    this.destination = destination;
  }

  /**
   * Copies one file.
   *
   * @throws StoreException with kind MISSING when the source file is gone, CORRUPT when its length
   *     is not the expected one; the target then holds nothing that may be published
   */
  public CopyResult copy(FileCopy file) {
    if (streamOnly || !destination.canCopyFrom(source, file.source(), file.target())) {
      return stream(file);
    }
    try {
      destination.copy(file.source(), file.target(), file.length());
    } catch (StoreException e) {
      if (e.kind() != Kind.DENIED && e.kind() != Kind.INVALID) {
        throw e;
      }
      return streamInstead(file, e);
    }
    return verified(file);
  }

  /**
   * Reads and writes what the store would not copy: the key may read here and write there without
   * being allowed to do both at once, or the store knows no such request.
   */
  private CopyResult streamInstead(FileCopy file, StoreException refusal) {
    try {
      CopyResult result = stream(file);
      streamOnly = true;
      return result;
    } catch (StoreException e) {
      e.addSuppressed(refusal);
      throw e;
    }
  }

  private CopyResult verified(FileCopy file) {
    OptionalLong length = destination.length(file.target());
    if (length.isEmpty()) {
      // Not MISSING: that would say that the source file is gone.
      throw new StoreException(
          Kind.UNAVAILABLE,
          file.target(),
          "The store copied " + file.source() + " to " + file.target() + ", but it is not there");
    }
    requireLength(file, length.getAsLong());
    return new CopyResult(length.getAsLong(), true);
  }

  private CopyResult stream(FileCopy file) {
    try (InputStream in = source.open(file.source())) {
      if (file.length() <= WHOLE_FILE_LIMIT) {
        putWhole(file, in);
      } else {
        writeThrough(file, in);
      }
      return new CopyResult(file.length(), false);
    } catch (IOException e) {
      throw new StoreException(
          Kind.UNAVAILABLE,
          file.source(),
          "Cannot read " + file.source() + ": " + e.getMessage(),
          e);
    }
  }

  private void putWhole(FileCopy file, InputStream in) throws IOException {
    byte[] bytes = new byte[(int) file.length()];
    requireLength(file, in.readNBytes(bytes, 0, bytes.length));
    requireEnd(file, in);
    destination.put(file.target(), bytes);
  }

  private void writeThrough(FileCopy file, InputStream in) throws IOException {
    StoreOutput out = destination.create(file.target());
    try {
      byte[] chunk = new byte[CHUNK];
      while (out.written() < file.length()) {
        int wanted = (int) Math.min(chunk.length, file.length() - out.written());
        int count = in.read(chunk, 0, wanted);
        if (count < 0) {
          break;
        }
        out.write(chunk, 0, count);
      }
      requireLength(file, out.written());
      requireEnd(file, in);
    } catch (IOException | RuntimeException e) {
      out.abort();
      throw e;
    }
    out.close();
  }

  /** A source that goes on is as wrong as one that ends early; asked for its length only then. */
  private void requireEnd(FileCopy file, InputStream in) throws IOException {
    if (in.read() >= 0) {
      requireLength(file, source.length(file.source()).orElse(file.length() + 1));
    }
  }

  private static void requireLength(FileCopy file, long actual) {
    if (actual != file.length()) {
      throw new StoreException(
          Kind.CORRUPT,
          file.source(),
          file.source()
              + " has "
              + actual
              + " bytes where its manifest says "
              + file.length()
              + "; it was replaced or cut short after it was committed");
    }
  }
}
