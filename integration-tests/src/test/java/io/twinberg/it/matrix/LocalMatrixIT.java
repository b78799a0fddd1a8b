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

/** Tables in a warehouse on the disk of this machine, whose replicas are on S3. */
@Tag("matrix")
@TestMethodOrder(OrderAnnotation.class)
class LocalMatrixIT {
  @TempDir private static Path folder;

  private static MatrixLake lake;

  @BeforeAll
  static void start() {
    lake = MatrixLake.onDisk(folder);
  }

  @AfterAll
  static void stop() {
    lake.close();
  }

  static Stream<Arguments> cells() {
    return Histories.cells(Histories.LOCAL);
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
