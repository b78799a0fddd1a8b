package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.EntryKind;
import io.twinberg.replica.Replica;
import io.twinberg.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/** What holds of the log, of receipts and of replicas' folders, whatever died in between. */
final class LogChecks {
  private LogChecks() {}

  /** All that holds at every moment, also while nobody has recovered anything yet. */
  static void assertSound(TestingLake lake) {
    assertLinked(lake);
    assertReceipts(lake);
    assertNoMixture(lake);
    for (Replica replica : replicas(lake)) {
      assertThat(replica.failure()).as("a crash is no failure").isEmpty();
      if (replica.kind() == EntryKind.TABLE && replica.metadataLocation().isPresent()) {
        ReplicaChecks.assertWhole(lake, lake.published(replica));
      }
    }
  }

  /** All replicas, whatever their names and lifecycles are. */
  static List<Replica> replicas(TestingLake lake) {
    return lake.strings("select id from replica order by id").stream()
        .map(id -> lake.replicas().find(id).orElseThrow())
        .toList();
  }

  /** Each version of a table names the one before it, and has a later position. */
  private static void assertLinked(TestingLake lake) {
    assertThat(
            lake.count(
                """
                select count(*) from table_version v where v.predecessor is distinct from
                  (select max(b.position) from table_version b
                   where b.table_id = v.table_id and b.position < v.position)
                """))
        .as("versions without a link to the one before")
        .isZero();
  }

  /** Each generation has one receipt, the last one is what readers see, and none goes back. */
  private static void assertReceipts(TestingLake lake) {
    assertThat(
            lake.strings(
                """
                select r.name from replica r where r.generation <>
                  (select count(*) from receipt c where c.replica_id = r.id)
                """))
        .as("replicas with more or less receipts than generations")
        .isEmpty();
    assertThat(
            lake.strings(
                """
                select r.name from replica r join receipt c
                  on c.replica_id = r.id and c.generation = r.generation
                where c.position <> r.position or c.metadata_location <> r.metadata_location
                """))
        .as("replicas that show something else than their last receipt")
        .isEmpty();
    assertThat(
            lake.count(
                """
                select count(*) from receipt c join replica r on r.id = c.replica_id
                where not exists (select 1 from table_version v
                  where v.source = r.source and v.position = c.position and v.table_id = r.table_id
                    and v.metadata_location = c.source_metadata_location)
                """))
        .as("receipts for what is no version of their table")
        .isZero();
    assertThat(
            lake.count(
                """
                select count(*) from receipt a join receipt b on a.replica_id = b.replica_id
                where a.generation < b.generation and a.position > b.position
                """))
        .as("receipts that go back")
        .isZero();
    assertThat(
            lake.strings(
                """
                select concat(replica_id, ' ', position) from receipt where files > 1
                group by replica_id, position having count(*) > 1
                """))
        .as("versions applied twice; an expiry writes no file but its metadata")
        .isEmpty();
  }

  /** What came by one transaction is shown of all its tables or of none. */
  static void assertNoMixture(TestingLake lake) {
    assertThat(
            lake.strings(
                """
                select concat(shown.name, ' without ', late.name) from version_group_member a
                join version_group_member b on b.group_id = a.group_id
                join replica shown on shown.table_id = a.table_id
                join replica late on late.table_id = b.table_id and late.destination = shown.destination
                where shown.position >= a.position and late.position < b.position
                """))
        .as("tables that are shown without others of their transaction")
        .isEmpty();
  }

  /**
   * The log has the source's versions of a table, from the one that was found first to the current
   * one, each once and in the order of the source.
   */
  static void assertChain(TestingLake lake, Table table) {
    table.refresh();
    TableMetadata current = TestingLake.current(table);
    List<String> chain = new ArrayList<>();
    current.previousFiles().forEach(previous -> chain.add(previous.file()));
    chain.add(current.metadataFileLocation());
    List<String> logged =
        lake.strings(
            """
            select v.metadata_location from table_version v join source_table t on t.id = v.table_id
            where t.table_uuid = '%s' and t.lifecycle = 'ACTIVE' order by v.position
            """
                .formatted(table.uuid()));
    assertThat(logged).isNotEmpty();
    assertThat(logged).isEqualTo(chain.subList(chain.size() - logged.size(), chain.size()));
  }

  /** A replica's folder holds what its metadata reaches, its pointer object and no more. */
  static void assertNothingElse(TestingLake lake, Replica replica) {
    Set<String> named = ReplicaChecks.named(lake, lake.published(replica));
    named.add("%s/metadata/pointer/%020d.json".formatted(replica.folder(), replica.generation()));
    assertThat(lake.store().list(replica.folder()).stream().map(StoredObject::location))
        .containsExactlyInAnyOrderElementsOf(named);
  }
}
