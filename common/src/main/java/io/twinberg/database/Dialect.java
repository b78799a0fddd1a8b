package io.twinberg.database;

import java.util.Map;

/**
 * What the migrations write differently for each database.
 *
 * @param blob the type of a column of bytes
 * @param entryHash the expression of the columns that {@link EntryHash} explains
 */
record Dialect(String blob, String entryHash) {
  static final Dialect H2 =
      new Dialect("binary large object", "(rawtohex(hash('MD5', namespace || name)))");
  static final Dialect POSTGRES = new Dialect("bytea", "(md5(namespace || name)) stored");

  Map<String, String> placeholders() {
    return Map.of("blob", blob, "entry-hash", entryHash);
  }
}
