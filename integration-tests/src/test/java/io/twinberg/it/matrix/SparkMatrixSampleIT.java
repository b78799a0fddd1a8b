package io.twinberg.it.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.it.engine.FinishedJvm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A part of {@link SparkMatrixIT} for every build. */
@TestMethodOrder(OrderAnnotation.class)
class SparkMatrixSampleIT {
  private static final History SAMPLE = History.ofAll("sample", SampleHistory::sample);

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

  @Order(1)
  @ParameterizedTest(name = "v{0} {1}")
  @CsvSource({"1, COPY_ON_WRITE", "2, MERGE_ON_READ", "3, MERGE_ON_READ"})
  void replica_afterEveryCommit_showsTheRowsOfTheSource(int format, Cell.RowChange change) {
    SAMPLE.happenTo(lake.table(new Cell(format, change), SAMPLE.name()));
  }

  @Order(2)
  @Test
  void verify_ofAllReplicasWithAllRows_findsNothing() {
    FinishedJvm verify = lake.verified();
    assertThat(verify.exit()).as(verify.out() + verify.err()).isZero();
  }
}
