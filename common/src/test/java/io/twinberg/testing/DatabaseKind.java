package io.twinberg.testing;

import io.twinberg.database.Database;
import java.nio.file.Path;

/** The databases that every contract holds on. */
public enum DatabaseKind {
  /** The file that one process has for itself. */
  H2,
  /** The server that several processes share. */
  POSTGRES;

  /** Opens a new, empty database of this kind; only H2 uses the folder. */
  public Database open(Path folder) {
    return this == H2 ? Databases.h2(folder) : Databases.postgres();
  }
}
