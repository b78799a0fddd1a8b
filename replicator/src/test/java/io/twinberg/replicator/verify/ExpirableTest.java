package io.twinberg.replicator.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.inmemory.InMemoryCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a replica may lack; everything else that it lacks is lost. */
class ExpirableTest {
  private final List<Long> ids = new ArrayList<>();
  private TableMetadata source;

  /** Five snapshots on main, the first with a tag. */
  @BeforeEach
  void commit() {
    InMemoryCatalog catalog = new InMemoryCatalog();
    catalog.initialize("source", Map.of());
    catalog.createNamespace(Namespace.of("n"));
    Table table =
        catalog.createTable(
            TableIdentifier.of("n", "t"),
            new Schema(Types.NestedField.required(1, "id", Types.LongType.get())));
    for (int i = 0; i < 5; i++) {
      table
          .newAppend()
          .appendFile(
              DataFiles.builder(table.spec())
                  .withPath(table.location() + "/data/" + i + ".parquet")
                  .withFileSizeInBytes(1)
                  .withRecordCount(1)
                  .build())
          .commit();
      ids.add(table.currentSnapshot().snapshotId());
    }
    table.manageSnapshots().createTag("first", ids.get(0)).commit();
    source = ((BaseTable) table).operations().current();
  }

  private Set<Long> expirable(Retention retention, OptionalLong historyThrough, Duration later) {
    Subject none = TestSubjects.NONE;
    Subject subject =
        new Subject(
            none.replicaId(),
            none.destination(),
            none.kind(),
            none.table(),
            none.folder(),
            none.position(),
            none.metadataLocation(),
            none.sourceMetadataLocation(),
            historyThrough,
            none.store(),
            new RefSelection.All(),
            retention,
            none.origin());
    return new Expirable(subject, source, Instant.now().plus(later)).snapshots();
  }

  @Test
  void retentionForever_letsNothingGo() {
    assertThat(expirable(new Retention.Forever(), OptionalLong.empty(), Duration.ofDays(9999)))
        .isEmpty();
  }

  @Test
  void retentionByAge_keepsWhatIsYoungNamedOrAmongTheLatest() {
    Retention twoOfADay = new Retention.Bounded(Duration.ofDays(1), 2);
    assertThat(expirable(twoOfADay, OptionalLong.empty(), Duration.ofHours(1))).isEmpty();
    assertThat(expirable(twoOfADay, OptionalLong.empty(), Duration.ofDays(2)))
        .containsExactlyInAnyOrder(ids.get(1), ids.get(2));
  }

  @Test
  void historyOnItsWay_mayBeMissingButNotHeads() {
    assertThat(expirable(new Retention.Forever(), OptionalLong.of(3), Duration.ZERO))
        .containsExactlyInAnyOrder(ids.get(1), ids.get(2));
    assertThat(expirable(new Retention.Forever(), OptionalLong.of(Long.MAX_VALUE), Duration.ZERO))
        .containsExactlyInAnyOrder(ids.get(1), ids.get(2), ids.get(3));
  }
}
