package io.twinberg.replicator.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.twinberg.database.Database;
import io.twinberg.operation.OperationKind;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.operation.RowScope;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Databases;
import io.twinberg.wake.Wake;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OperationWatchTest extends DatabaseContract {
  private final List<String> statements = new ArrayList<>();
  private final Wake quick = new Wake();
  private final Wake slow = new Wake();
  private OperationLog log;
  private OperationWatch watch;

  @BeforeEach
  void watch() {
    log = new OperationLog(database, clock);
    watch =
        new OperationWatch(
            log,
            Map.of(OperationKind.RETRY, quick, OperationKind.VERIFY, slow),
            Duration.ofSeconds(1));
    database
        .jdbi()
        .setSqlLogger(
            new SqlLogger() {
              @Override
              public void logBeforeExecution(StatementContext context) {
                statements.add(context.getRenderedSql());
              }
            });
  }

  @AfterEach
  void uncount() {
    database.jdbi().setSqlLogger(SqlLogger.NOP_SQL_LOGGER);
  }

  private static boolean isRung(Wake wake) throws InterruptedException {
    long start = System.nanoTime();
    wake.await(Duration.ofMillis(200));
    return System.nanoTime() - start < Duration.ofMillis(200).toNanos();
  }

  @Test
  void look_whenNothingWaits_isOneStatementAndRingsNobody() throws Exception {
    watch.look();

    assertThat(statements).hasSize(1);
    assertThat(isRung(quick)).isFalse();
    assertThat(isRung(slow)).isFalse();
  }

  @Test
  void look_whenAnOperationWaits_ringsThoseOfItsKind() throws Exception {
    log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "ops");

    watch.look();

    assertThat(isRung(quick)).isTrue();
    assertThat(isRung(slow)).isFalse();
  }

  @Test
  void look_whenAClaimHasRunOut_ringsThoseOfItsKind() throws Exception {
    log.request(new OperationRequest.Verify(ReplicaTarget.ALL, RowScope.NONE), "ops");
    assertThat(log.claim("dead", Duration.ofMillis(-1))).isPresent();

    watch.look();

    assertThat(isRung(quick)).isFalse();
    assertThat(isRung(slow)).isTrue();
  }

  @Test
  void look_whenTheDatabaseIsAway_isTriedAgain(@TempDir Path folder) {
    Database away = Databases.h2(folder);
    away.close();
    OperationLog lost = new OperationLog(away, clock);

    assertThatCode(() -> new OperationWatch(lost, Map.of(), Duration.ofSeconds(1)).look())
        .doesNotThrowAnyException();
  }
}
