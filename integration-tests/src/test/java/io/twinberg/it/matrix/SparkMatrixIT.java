package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.FinishedJvm;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every history in tables of every kind: the replica shows the same rows after every commit. A part
 * of it by {@code -Dmatrix=}, a pattern for names such as {@code v2_mor rows}.
 */
@Tag("matrix")
@TestMethodOrder(OrderAnnotation.class)
class SparkMatrixIT {
  @TempDir private static Path folder;

  private static MatrixLake lake;

  @BeforeAll
  static void start() {
    lake = MatrixLake.onS3(folder);
  }

  @AfterAll
  static void stop() {
    lake.close();
  }

  static Stream<Arguments> cells() {
    return Histories.cells(Histories.ALL);
  }

  @Order(1)
  @ParameterizedTest(name = "{0} {1}", allowZeroInvocations = true)
  @MethodSource("cells")
  void replica_afterEveryCommit_showsTheRowsOfTheSource(Cell cell, History history) {
    lake.newSession();
    history.happenTo(lake.table(cell, history.name()));
  }

  @Order(2)
  @Test
  void verify_ofAllReplicasWithAllRows_findsNothing() {
    FinishedJvm verify = lake.verified();
    assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
  }
}
