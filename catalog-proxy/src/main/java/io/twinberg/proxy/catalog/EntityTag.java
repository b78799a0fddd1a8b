package io.twinberg.proxy.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** The strong entity tag of a representation. */
public record EntityTag(String value) {
  private static final int BYTES = 16;
  private static final String GZIP = "--gzip";

  /** The tag of what these parts make up, in their order. */
  public static EntityTag of(String... parts) {
    byte[] digest = sha256(String.join("\n", parts));
    return new EntityTag(HexFormat.of().formatHex(digest, 0, BYTES));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The header's value. */
  public String quoted() {
    return '"' + value + '"';
  }

  /**
   * Whether an If-None-Match header names this tag: strong, weak, without quotes, or with what a
   * compressing server in between has put at its end.
   */
  public boolean matches(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .map(tag -> tag.replace("\"", ""))
        .map(tag -> tag.endsWith(GZIP) ? tag.substring(0, tag.length() - GZIP.length()) : tag)
        .anyMatch(tag -> tag.equals(value) || tag.equals("*"));
  }
}
