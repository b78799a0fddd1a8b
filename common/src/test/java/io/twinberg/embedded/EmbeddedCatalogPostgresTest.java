package io.twinberg.embedded;

import io.twinberg.database.Database;
import io.twinberg.testing.Databases;
import io.twinberg.testing.PostgresServer;

class EmbeddedCatalogPostgresTest extends EmbeddedCatalogContract {
  private final String url = PostgresServer.running().createDatabase();

  @Override
  Database openDatabase() {
    return Databases.postgres(url);
  }
}
