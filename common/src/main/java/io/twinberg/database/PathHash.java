package io.twinberg.database;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A 128-bit hash of a path, since paths are too long for the keys of an index. */
public final class PathHash {
  private PathHash() {}

  /** The first half of the path's SHA-256, as 32 hexadecimal digits. */
  public static String of(String path) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
