package io.twinberg.replicator.rewrite;

import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/** Makes a manifest entry of the slots that a walk has filled. */
final class EntryReader {

  private static final Status[] STATUSES = {Status.EXISTING, Status.ADDED, Status.DELETED};

  private final Cursor cursor;

  /** The last format met, since nearly all entries of a manifest share one. */
  private String format = "PARQUET";

  private byte[] formatBytes = format.getBytes(StandardCharsets.UTF_8);

  EntryReader(Cursor cursor) {
    this.cursor = cursor;
  }

  ManifestEntry read() {
    return new ManifestEntry(
        status(),
        content(),
        path(),
        format(),
        length(),
        required(ManifestShape.RECORD_COUNT, "record_count"),
        cursor.has(ManifestShape.SNAPSHOT_ID)
            ? OptionalLong.of(cursor.number(ManifestShape.SNAPSHOT_ID))
            : OptionalLong.empty());
  }

  private Status status() {
    long status = required(ManifestShape.STATUS, "status");
    if (status < 0 || status >= STATUSES.length) {
      throw cursor.corrupt("an entry has status " + status);
    }
    return STATUSES[(int) status];
  }

  private int content() {
    long content = cursor.has(ManifestShape.CONTENT) ? cursor.number(ManifestShape.CONTENT) : 0;
    if (content < 0 || content > 2) {
      throw new UnsupportedManifestException(
          "an entry of content %d; known are 0 data, 1 position deletes, 2 equality deletes"
              .formatted(content));
    }
    return (int) content;
  }

  private String path() {
    required(ManifestShape.PATH, "file_path");
    return cursor.text(ManifestShape.PATH);
  }

  private String format() {
    required(ManifestShape.FORMAT, "file_format");
    if (!cursor.holds(ManifestShape.FORMAT, formatBytes)) {
      format = cursor.text(ManifestShape.FORMAT);
      formatBytes = format.getBytes(StandardCharsets.UTF_8);
    }
    return format;
  }

  private long length() {
    long length = required(ManifestShape.LENGTH, "file_size_in_bytes");
    if (length < 0) {
      throw cursor.corrupt("an entry has a file_size_in_bytes of " + length);
    }
    return length;
  }

  private long required(int slot, String name) {
    if (!cursor.has(slot)) {
      throw cursor.corrupt("an entry has no " + name);
    }
    return cursor.number(slot);
  }
}
