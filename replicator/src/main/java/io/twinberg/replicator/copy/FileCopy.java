package io.twinberg.replicator.copy;

/**
 * One file to copy: where it is, where it goes, and how long the manifest says that it is.
 *
 * @param source full location at the source
 * @param target full location at the destination; the same for every attempt
 * @param length in bytes
 */
public record FileCopy(String source, String target, long length) {

  /** Checks that the length can be one. */
  public FileCopy {
    if (length < 0) {
      throw new IllegalArgumentException("The length of " + source + " is negative: " + length);
    }
  }
}
