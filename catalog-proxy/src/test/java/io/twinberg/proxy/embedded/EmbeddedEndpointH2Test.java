package io.twinberg.proxy.embedded;

import io.twinberg.database.Database;
import io.twinberg.testing.Databases;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEndpointH2Test extends EmbeddedEndpointContract {
  @TempDir private Path folder;

  @Override
  Database openDatabase() {
    return Databases.h2(folder);
  }
}
