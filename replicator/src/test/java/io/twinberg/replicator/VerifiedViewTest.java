package io.twinberg.replicator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.operation.RowScope;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.replicator.verify.VerifyReport;
import io.twinberg.replicator.verify.Violation;
import io.twinberg.replicator.verify.Violation.Kind;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A view's replica is verified too. */
class VerifiedViewTest {
  private static final TableIdentifier TOTALS = TableIdentifier.of("sales", "totals");

  @TempDir private Path folder;

  @Test
  void view_isCleanAndEachDamageIsFound() {
    try (TestingLake lake = new TestingLake(folder)) {
      lake.catalog()
          .buildView(TOTALS)
          .withSchema(TestingLake.SCHEMA)
          .withQuery("spark", "select sum(id) from events")
          .withDefaultNamespace(TOTALS.namespace())
          .withProperty("comment", "of all")
          .withProperty("copy", "s3://elsewhere/copy")
          .create();
      try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
        replicator.demand("main");
        TestingLake.await(
            () ->
                lake.replicas()
                    .byName("eu", TOTALS)
                    .filter(replica -> replica.metadataLocation().isPresent())
                    .isPresent());
      }
      Subject subject = VerifiedLake.subject(lake, TOTALS);

      VerifyReport clean = VerifiedLake.verify(subject, RowScope.ALL);
      assertThat(clean.violations()).isEmpty();
      assertThat(clean.notCompared()).isEmpty();

      assertThat(damaged(subject, "sum(id)", "max(id)")).containsExactly(Kind.METADATA_DIFFERS);
      assertThat(damaged(subject, "of all", "of few")).containsExactly(Kind.METADATA_DIFFERS);
      assertThat(damaged(subject, "\"comment\"", "\"Comment\""))
          .containsOnly(Kind.METADATA_DIFFERS)
          .hasSize(2);
      assertThat(damaged(subject, subject.folder(), "s3://elsewhere"))
          .containsExactly(Kind.OUTSIDE_ROOT);
      assertThat(damaged(subject, "{", "[")).containsExactly(Kind.METADATA_UNREADABLE);
    }
  }

  private static List<Kind> damaged(Subject subject, String old, String other) {
    VerifyReport report =
        VerifiedLake.damaged(
            subject,
            RowScope.NONE,
            subject.metadataLocation(),
            bytes -> new String(bytes, UTF_8).replace(old, other).getBytes(UTF_8));
    return report.violations().stream().map(Violation::kind).toList();
  }
}
