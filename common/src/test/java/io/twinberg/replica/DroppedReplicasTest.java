package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.testing.Samples;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DroppedReplicasTest extends ReplicaContract {
  private static final String OPERATION = "operation-1";
  private static final String[] OWN = {
    "replica_mapping", "ledger", "receipt", "condemned_file", "replica_cleanup"
  };

  private DroppedReplicas dropped;
  private Replica other;

  @BeforeEach
  void publishTwo() {
    dropped = new DroppedReplicas(database, clock);
    Lease lease = claim();
    publisher.publish(publication(replica, lease, append(1), manifest("m", 7)));
    new CondemnedFiles(database, clock).condemn("r1", lease, List.of("s3://replica/r1/old"));
    leases.release(lease);
    new Cleanups(database).remind(clock.instant());
    other = replicas.create(wanted("r2", Samples.discover(tables, SOURCE, "items"), name("items")));
    Lease ofOther = leases.claim(Lease.ofReplica("r2"), "worker", LEASE).orElseThrow();
    ledger.stage("r2", ofOther, manifest("m", 7));
    leases.release(ofOther);
  }

  private static TableIdentifier name(String table) {
    return Samples.name(table);
  }

  private static String ofOthers(String table) {
    return "(select * from %s where replica_id <> 'r1') others".formatted(table);
  }

  private Map<String, List<Map<String, Object>>> rest() {
    return content(
        "(select * from replica where id <> 'r1') others",
        ofOthers("replica_mapping"),
        ofOthers("ledger"),
        "source_table",
        "table_version");
  }

  @Test
  void drop_unmatched_takesAwayItsRowsAndNoOthers() {
    replicas.unmatched("r1");
    Map<String, List<Map<String, Object>>> rest = rest();

    DroppedReplica gone = dropped.drop(OPERATION, "r1", 1).orElseThrow();

    assertThat(gone)
        .isEqualTo(
            new DroppedReplica(
                "r1",
                OPERATION,
                SOURCE,
                DESTINATION,
                name("orders"),
                "s3://replica/r1",
                clock.instant(),
                0));
    assertThat(dropped.of(OPERATION)).contains(gone);
    assertThat(replicas.find("r1")).isEmpty();
    for (String table : OWN) {
      assertThat(one("select count(*) from " + table + " where replica_id = 'r1'", Long.class))
          .as(table)
          .isZero();
    }
    assertThat(rest()).isEqualTo(rest);
    assertThat(replicas.create(wanted("r3", orders, name("orders"))).id()).isEqualTo("r3");
  }

  @Test
  void drop_workUnderWay_isFencedOff() {
    Lease working = claim();
    replicas.unmatched("r1");

    dropped.drop(OPERATION, "r1", 1);

    Publication late = publication(replica, working, append(2));
    assertThatExceptionOfType(LeaseLostException.class).isThrownBy(() -> publisher.publish(late));
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> ledger.stage("r1", working, manifest("n", 1)));
    assertThat(leases.renew(working, LEASE)).isFalse();
    assertThat(replicas.going(List.of("r1", "r2"))).containsOnlyKeys("r2");
  }

  @Test
  void drop_versionStagedForItsGroup_isNotPublishedAnyMore() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into staged_publication (replica_id, group_id, destination, generation, token, source, position,
                        metadata_location, entries, files, bytes, started_at, staged_at)
                    values ('r1', 1, 'eu', 1, 1, 'prod', 2, 'm', '[]', 1, 1, current_timestamp, current_timestamp)
                    """));
    replicas.sourceDropped(orders.id());

    assertThat(dropped.drop(OPERATION, "r1", 1)).isPresent();

    assertThat(rows("staged_publication")).isZero();
  }

  @Test
  void drop_thatMayNotBe_changesNothing() {
    refused(1, "follows its table again");
    replicas.unmatched("r1");
    refused(0, "has got another version since it was confirmed");
    Pauses pauses = new Pauses(database, clock);
    pauses.pause(List.of(Paused.ALL), "ops");
    refused(1, "is paused: resume it first");
    pauses.resumeAll();

    assertThat(dropped.drop(OPERATION, "r1", 1)).isPresent();
    assertThat(dropped.drop("operation-2", "r1", 1)).as("it is gone").isEmpty();
  }

  /**
   * Folders come from pointer objects, too, which anybody who may write to the bucket can write.
   */
  @Test
  void drop_folderThatIsNotItsAlone_isRefused() {
    replicas.unmatched("r1");
    for (String folder : List.of("s3://replica/r2", "s3://replica", "s3://replica/r2/data/x-r1")) {
      folder(folder);
      refused(1, "holds files of the replicas [r2] too");
    }
    for (String folder : List.of("s3://replica/r", "s3://replica/r22", "s3://replica/r2-x")) {
      folder(folder);
      assertThat(dropped.drop("operation of " + folder, "r1", 1)).as(folder).isPresent();
      replicas.create(wanted("r1", orders, name("orders")));
      database
          .jdbi()
          .useHandle(handle -> handle.execute("update replica set generation = 1 where id = 'r1'"));
      replicas.unmatched("r1");
      dropped.forget("r1");
    }
  }

  private void folder(String folder) {
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("update replica set folder = ? where id = 'r1'", folder));
  }

  private void refused(long generation, String why) {
    Map<String, List<Map<String, Object>>> before =
        content("replica", "receipt", "ledger", "replica_mapping", "lease");
    assertThatThrownBy(() -> dropped.drop(OPERATION, "r1", generation))
        .isInstanceOf(NotDroppableException.class)
        .hasMessageContaining(why);
    assertThat(content("replica", "receipt", "ledger", "replica_mapping", "lease"))
        .isEqualTo(before);
    assertThat(dropped.of(OPERATION)).isEmpty();
  }

  @Test
  void removed_isCountedUntilTheReplicaIsForgotten() {
    replicas.unmatched("r1");
    dropped.drop(OPERATION, "r1", 1);

    assertThat(dropped.removed("r1", 3)).isEqualTo(3);
    assertThat(dropped.removed("r1", 2)).isEqualTo(5);
    assertThat(dropped.of(OPERATION).orElseThrow().removed()).isEqualTo(5);
    dropped.forget("r1");

    assertThat(dropped.of(OPERATION)).isEmpty();
    assertThat(one("select count(*) from lease where resource = 'replica/r1'", Long.class))
        .isZero();
    assertThat(leases.claim(Lease.ofReplica(other.id()), "worker", LEASE)).isPresent();
  }

  @Test
  void preview_saysWhatGoes_andItsTokenHoldsAsLongAsThat() {
    DropPreview preview = dropped.preview("r1").orElseThrow();

    assertThat(preview.replica()).isEqualTo(read());
    assertThat(dropped.preview("r1").orElseThrow().token()).isEqualTo(preview.token());
    assertThat(dropped.preview("r2").orElseThrow().token()).isNotEqualTo(preview.token());
    assertThat(dropped.preview("r9")).isEmpty();
    replicas.unmatched("r1");
    String unmatched = dropped.preview("r1").orElseThrow().token();
    assertThat(unmatched).isNotEqualTo(preview.token());
    Lease lease = claim();
    publisher.publish(publication(read(), lease, append(2)));
    assertThat(dropped.preview("r1").orElseThrow().token()).isNotEqualTo(unmatched);
  }
}
