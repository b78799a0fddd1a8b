package io.twinberg.embedded;

import io.twinberg.database.Database;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class EmbeddedCatalogPostgresTest extends EmbeddedCatalogContract {
  private static EmbeddedPostgres postgres;
  private static int databases;

  private String name = "";

  @BeforeAll
  static void startPostgres() throws IOException {
    postgres = EmbeddedPostgres.builder().start();
  }

  @AfterAll
  static void stopPostgres() throws IOException {
    postgres.close();
  }

  @Override
  Database openDatabase() {
    if (name.isEmpty()) {
      name = createDatabase();
    }
    return Database.postgres(postgres.getJdbcUrl("postgres", name), "postgres", "postgres");
  }

  private static String createDatabase() {
    String fresh = "twinberg" + databases++;
    try (Connection connection = postgres.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + fresh);
      return fresh;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
