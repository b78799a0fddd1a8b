package io.twinberg.embedded;

import io.twinberg.database.Database;
import io.twinberg.testing.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedCatalogH2Test extends EmbeddedCatalogContract {
  @TempDir private Path folder;

  @Override
  Database openDatabase() {
    return Databases.h2(folder);
  }
}
