package io.twinberg.database;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The value of a column {@code entry_hash}, which the database computes from a row's namespace and
 * name: names may be longer than the keys of PostgreSQL's indexes.
 */
public final class EntryHash {
  private EntryHash() {}

  /** The MD5 that both databases can compute; it finds rows and protects nothing. */
  public static String of(TableIdentifier name) {
    String entry = NamespaceColumn.of(name.namespace()) + name.name();
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(entry.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
