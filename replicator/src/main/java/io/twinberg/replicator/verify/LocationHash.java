package io.twinberg.replicator.verify;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** 64 bits that stand for a location, so that a million of them fit into a few megabytes. */
final class LocationHash {
  private LocationHash() {}

  /** The hash, which is never 0. */
  static long of(String location) {
    byte[] digest = digest().digest(location.getBytes(StandardCharsets.UTF_8));
    long hash = ByteBuffer.wrap(digest).getLong();
    return hash == 0 ? 1 : hash;
  }

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
