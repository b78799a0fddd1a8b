package io.twinberg.proxy.embedded;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.iceberg.rest.RESTCatalogProperties.SnapshotMode;

/** The entity tag of a table's representation: its metadata file, and which snapshots are shown. */
record TableTag(String value) {
  private static final int BYTES = 16;

  static TableTag of(String metadataLocation, SnapshotMode mode) {
    byte[] digest = sha256(mode.name() + " " + metadataLocation);
    return new TableTag(HexFormat.of().formatHex(digest, 0, BYTES));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The header's value. */
  String quoted() {
    return '"' + value + '"';
  }

  /** Whether an If-None-Match header names this tag: strong, weak, or without quotes. */
  boolean matches(String header) {
    return Arrays.stream(header.split(","))
        .map(String::strip)
        .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
        .map(tag -> tag.replace("\"", ""))
        .anyMatch(tag -> tag.equals(value) || tag.equals("*"));
  }
}
