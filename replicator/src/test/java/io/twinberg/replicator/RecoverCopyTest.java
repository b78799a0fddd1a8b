package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.pointer.Recovery;
import io.twinberg.replicator.pointer.UnreadablePointerException;
import io.twinberg.storage.StoredObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a recovery makes of a bucket that is a copy of another. */
class RecoverCopyTest {
  @TempDir private Path folder;
  private TestingLake lake;

  @BeforeEach
  void replicate() {
    lake = new TestingLake(folder);
    Table table = lake.create("2");
    lake.append(table, "a");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.sync(replicator, table);
      TestingLake.await(
          () ->
              lake.count("select count(*) from replica where pointer_generation < generation")
                  == 0);
    }
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private Recovery.Report recover(String root) {
    return new Recovery(
            new Adoption(lake.database(), Clock.systemUTC()),
            new MirroredNamespaces(lake.database(), Clock.systemUTC()))
        .recover("eu", root, lake.store());
  }

  /** Else it would be written to, and dropped, at the original. */
  @Test
  void copy_whosePointersNameTheOriginal_isRefused() throws IOException {
    String copy = lake.root() + "-copy";
    String original = lake.replica().folder();
    for (StoredObject object : lake.store().list(original + "/metadata/pointer")) {
      try (InputStream in = lake.store().open(object.location())) {
        lake.store()
            .put(copy + object.location().substring(lake.root().length()), in.readAllBytes());
      }
    }
    lake.loseDatabase();

    assertThatThrownBy(() -> recover(copy))
        .isInstanceOf(UnreadablePointerException.class)
        .hasMessageContaining("shows the files of " + original);
    assertThat(lake.count("select count(*) from replica")).isZero();

    assertThat(recover(lake.root()).adopted()).hasSize(1);
    assertThat(lake.replica().folder()).isEqualTo(original);
  }
}
