package io.twinberg.replicator.mapping;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The 128-bit name of a folder: the first half of its SHA-256, in hex. */
final class FolderHash {
  private static final int BYTES = 16;

  private FolderHash() {}

  static String of(String folder) {
    return HexFormat.of().formatHex(sha256(folder), 0, BYTES);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
