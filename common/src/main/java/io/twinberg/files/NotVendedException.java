package io.twinberg.files;

import org.apache.iceberg.catalog.TableIdentifier;

/** The catalog hands out nothing with which a file of a table could be read. */
public final class NotVendedException extends RuntimeException {
  private final String location;

  NotVendedException(String source, TableIdentifier table, String location) {
    super(
        "Cannot read "
            + location
            + ": the source "
            + source
            + " has 'credentials: vended', but its catalog hands out no S3 keys for it with table "
            + table
            + "; let the catalog vend credentials to Twinberg's identity there, or write"
            + " 'credentials: static' with keys in 'storage'");
    this.location = location;
  }

  /** The file that was to be read. */
  public String location() {
    return location;
  }
}
