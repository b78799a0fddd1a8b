package io.twinberg.it.matrix;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A part of {@link SparkMatrixIT} for every build. */
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

  @ParameterizedTest(name = "v{0} {1}")
  @CsvSource({"1, COPY_ON_WRITE", "2, MERGE_ON_READ", "3, MERGE_ON_READ"})
  void replica_afterEveryCommit_showsTheRowsOfTheSource(int format, Cell.RowChange change) {
    SAMPLE.happenTo(lake.table(new Cell(format, change), SAMPLE.name()));
  }
}
