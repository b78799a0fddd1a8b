package io.twinberg.source;

import org.apache.iceberg.catalog.TableIdentifier;

/** A catalog that can be asked for what it hands out for reading a table's files. */
public interface CredentialSource {
  /**
   * Fresh credentials; the answer says how it failed, nothing is thrown for that.
   *
   * @param before those to be replaced; none the first time
   */
  Vending credentials(TableIdentifier table, TableCredentials before);
}
