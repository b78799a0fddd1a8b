package io.twinberg.audit;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;

/**
 * Where a page of entries ended: the key of its last one. The next page goes on behind it, whatever
 * was added or removed meanwhile.
 */
public record AuditCursor(Instant at, long id) {
  private static final int BYTES = 2 * Long.BYTES;

  /** The years 1970 to 9999, which every database has. */
  private static final long MAX_MICROS = 253_402_300_799_999_999L;

  /** Where a page ends with an entry. */
  public static AuditCursor of(AuditEntry last) {
    return new AuditCursor(last.at(), last.id());
  }

  /** The cursor as an opaque word that is safe in a URL. */
  public String token() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, at);
    byte[] bytes = ByteBuffer.allocate(BYTES).putLong(micros).putLong(id).array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * Restores what {@link #token} made.
   *
   * @throws IllegalArgumentException when it did not make it
   */
  public static AuditCursor parse(String token) {
    byte[] bytes = Base64.getUrlDecoder().decode(token);
    ByteBuffer parts = ByteBuffer.wrap(bytes);
    long micros = bytes.length == BYTES ? parts.getLong() : -1;
    if (micros < 0 || micros > MAX_MICROS) {
      throw new IllegalArgumentException("not a page token: " + token);
    }
    return new AuditCursor(Instant.EPOCH.plus(micros, ChronoUnit.MICROS), parts.getLong());
  }
}
