package io.twinberg.storage;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** How an upload lets the store check the bytes that arrive. */
enum S3Digest {
  /** The SDK adds a checksum of its own. */
  LEFT_TO_SDK {
    @Override
    @Nullable String of(byte[] bytes, int length) {
      return null;
    }
  },
  /** A Content-MD5 header, which every S3 server understands. */
  MD5 {
    @Override
    @Nullable String of(byte[] bytes, int length) {
      MessageDigest md5 = md5();
      md5.update(bytes, 0, length);
      return Base64.getEncoder().encodeToString(md5.digest());
    }
  };

  /** The value of the Content-MD5 header, or none. */
  abstract @Nullable String of(byte[] bytes, int length);

  private static MessageDigest md5() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has MD5", e);
    }
  }
}
