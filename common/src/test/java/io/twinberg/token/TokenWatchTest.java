package io.twinberg.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.testing.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a watch that nobody asks looks by itself. */
class TokenWatchTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final AtomicInteger looks = new AtomicInteger();
  private Database database;
  private ApiTokens store;

  @BeforeEach
  void open() {
    database = Databases.h2(folder);
    store = new ApiTokens(database);
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                if (context.getRenderedSql().startsWith("select number from api_token_revision")) {
                  looks.incrementAndGet();
                }
              }
            });
  }

  @AfterEach
  void close() {
    database.close();
  }

  /** Creates a token of which nobody tells the watch, and waits until it is known. */
  private void createUnseen(TokenWatch watch) {
    store.create(
        new ApiToken(
            "late",
            TokenSecret.random().hash(),
            TokenSecret.randomKey(),
            List.of(Grant.parse("write:lake")),
            "somebody",
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty()));
    Awaitility.await().atMost(PATIENCE).until(() -> watch.table().named("late").isPresent());
  }

  @Test
  void token_thatAnotherProcessMade_isFoundByTheNextLook() {
    try (TokenWatch watch = new TokenWatch(store, true)) {
      watch.start();
      createUnseen(watch);
    }
  }

  /** Whoever made it failed before he could have this process look. */
  @Test
  void token_ofAnUnsharedDatabaseThatNobodyTold_isFoundByOneOfFewLooks() {
    try (TokenWatch watch = new TokenWatch(store, false)) {
      watch.start();
      createUnseen(watch);
    }

    assertThat(looks.get()).isBetween(2, 4);
  }
}
