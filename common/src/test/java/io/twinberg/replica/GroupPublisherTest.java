package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.fault.CrashPoints;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for its group, and under which lease; two tables, orders and items. */
class GroupPublisherTest extends ReplicaContract {
  private static final ReplicaSettings FOREVER =
      new ReplicaSettings(
          Optional.of(new Retention.Forever()),
          new RefSelection.All(),
          ReplicaSettings.NONE.priority());

  private GroupPublisher groups;
  private Replica second;
  private TableVersion ofOrders;
  private TableVersion ofItems;

  @BeforeEach
  void publishFirstVersionsAndLogAGroup() {
    groups =
        new GroupPublisher(
            database,
            versions,
            publisher,
            told::add,
            Duration.ofMinutes(15),
            clock,
            CrashPoints.NONE);
    SourceTable items = Samples.discover(tables, SOURCE, "items");
    second = replicas.create(wanted("r2", items, Samples.name("items")));
    publishFirst(replica, orders);
    publishFirst(second, items);
    long last =
        versions.appendGroup(
            List.of(Samples.append(orders, head(orders), 2), Samples.append(items, head(items), 2)),
            OptionalLong.empty());
    ofOrders = versions.find(SOURCE, last - 1).orElseThrow();
    ofItems = versions.find(SOURCE, last).orElseThrow();
    told.clear();
  }

  private void publishFirst(Replica replica, SourceTable table) {
    long position = versions.append(Samples.append(table, head(table), 1));
    Lease lease = claim(replica);
    publisher.publish(
        publication(
            now(replica), lease, versions.find(SOURCE, position).orElseThrow(), manifest("m", 1)));
    leases.release(lease);
    replicas.pointerWritten(now(replica));
  }

  private OptionalLong head(SourceTable table) {
    return tables.find(table.id()).orElseThrow().headPosition();
  }

  private Replica now(Replica replica) {
    return replicas.find(replica.id()).orElseThrow();
  }

  private Lease claim(Replica replica) {
    return leases.claim(Lease.ofReplica(replica.id()), "worker", LEASE).orElseThrow();
  }

  private List<String> waiting() {
    return replicas.waiting("worker", 10).stream().map(Replica::id).sorted().toList();
  }

  private String ledgerState(String replicaId, String name) {
    return one(
        "select state from ledger where replica_id = ? and source_path = ?",
        String.class,
        replicaId,
        "s3://lake/" + name);
  }

  @Test
  void publish_firstMember_waitsStagedAndIsGivenToNoLane() {
    assertThat(waiting()).containsExactly("r1", "r2");
    Lease lease = claim(replica);
    assertThat(groups.publish(publication(now(replica), lease, ofOrders, manifest("n", 2))))
        .isEmpty();

    assertThat(now(replica).generation()).isEqualTo(1);
    assertThat(ledgerState("r1", "n")).isEqualTo("STAGED");
    assertThat(waiting()).as("under its own lease").containsExactly("r2");
    leases.release(lease);
    assertThat(waiting()).as("without a lease").containsExactly("r2");
    claim(replica);
    assertThat(waiting()).as("claimed, and not taken over yet").containsExactly("r1", "r2");
    assertThat(told).isEmpty();
    assertThat(rows("audit_entry")).as("what waits is not applied").isEqualTo(2);
  }

  @Test
  void publish_lastMember_movesAllWithReceiptsAndLedger() {
    groups.publish(publication(now(replica), claim(replica), ofOrders, manifest("n", 2)));
    Replica moved =
        groups
            .publish(publication(now(second), claim(second), ofItems, manifest("n", 2)))
            .orElseThrow();

    assertThat(moved).isEqualTo(now(second));
    assertThat(told).containsExactlyInAnyOrder(now(replica), now(second));
    assertThat(now(replica).position()).isEqualTo(ofOrders.position());
    assertThat(now(replica).generation()).isEqualTo(2);
    assertThat(now(second).generation()).isEqualTo(2);
    assertThat(ledgerState("r1", "n")).isEqualTo("LIVE");
    assertThat(ledgerState("r2", "n")).isEqualTo("LIVE");
    assertThat(rows("receipt")).isEqualTo(4);
    assertThat(rows("audit_entry")).as("the first versions, and the members").isEqualTo(4);
    assertThat(
            one("select count(*) from audit_entry where details like '%\"group\":%'", Long.class))
        .isEqualTo(2);
    assertThat(rows("staged_publication")).isZero();
    assertThat(rows("destination_group")).isZero();
  }

  @Test
  void publish_entryThatIsLive_staysLiveWhileTheVersionWaits() {
    LedgerEntry again =
        new LedgerEntry(LedgerEntry.Kind.MANIFEST, "s3://lake/m", "s3://replica/r1/other", 5);
    groups.publish(publication(now(replica), claim(replica), ofOrders, again));
    assertThat(ledgerState("r1", "m")).isEqualTo("LIVE");
    assertThat(one("select length from ledger where replica_id = 'r1'", Long.class)).isEqualTo(1);

    groups.publish(publication(now(second), claim(second), ofItems));
    assertThat(one("select length from ledger where replica_id = 'r1'", Long.class)).isEqualTo(5);
  }

  @Test
  void takeOver_whatWaits_isPublishedUnderTheNewToken() {
    Lease first = claim(replica);
    groups.publish(publication(now(replica), first, ofOrders));
    expire(first.resource());
    Lease other = claim(replica);

    assertThat(groups.publish(publication(now(second), claim(second), ofItems))).isEmpty();
    assertThat(groups.publishDue()).as("nobody publishes over a claimant's head").isFalse();
    assertThat(groups.takeOver(now(replica), other)).isTrue();
    assertThat(groups.publishDue()).isTrue();

    assertThat(now(second).generation()).isEqualTo(2);
    assertThat(
            one("select token from receipt where replica_id = 'r1' and generation = 2", Long.class))
        .isEqualTo(other.token());
    assertThat(groups.takeOver(now(replica), other)).as("nothing waits any more").isFalse();
  }

  @Test
  void publishDue_holdOverAndMemberClaimed_isShownWhenItIsTakenOver() {
    Lease first = claim(replica);
    groups.publish(publication(now(replica), first, ofOrders));
    expire(first.resource());
    Lease other = claim(replica);
    groups.publish(publication(now(second), claim(second), ofItems));
    clock.step(Duration.ofMinutes(15));

    assertThat(groups.publishDue()).isTrue();
    assertThat(now(second).generation()).isEqualTo(2);
    assertThat(now(replica).generation()).as("somebody else works on it").isEqualTo(1);
    assertThat(groups.takeOver(now(replica), other)).isTrue();
    assertThat(groups.publishDue()).isTrue();
    assertThat(now(replica).generation()).isEqualTo(2);
  }

  @Test
  void settled_memberThatWaits_isDecidedAnew() {
    Lease lease = claim(replica);
    groups.publish(publication(now(replica), lease, ofOrders, manifest("n", 2)));
    leases.release(lease);
    Replica before = now(replica);
    assertThat(waiting()).containsExactly("r2");

    replicas.settle(before, FOREVER);

    assertThat(waiting()).containsExactly("r1", "r2");
    assertThat(ledgerState("r1", "n")).as("its files are not copied again").isEqualTo("STAGED");
    assertThat(groups.publish(publication(now(second), claim(second), ofItems)))
        .as("waits for what is decided anew")
        .isEmpty();
    Lease again = claim(replica);
    assertThat(groups.takeOver(now(replica), again)).isFalse();
    assertThatThrownBy(() -> groups.publish(publication(before, again, ofOrders)))
        .isInstanceOf(SettingsChangedException.class);
    assertThat(groups.publish(publication(now(replica), again, ofOrders))).isPresent();
    assertThat(now(replica).generation()).isEqualTo(2);
    assertThat(now(second).generation()).isEqualTo(2);
  }

  @Test
  void settled_priorityAlone_leavesWhatWaits() {
    groups.publish(publication(now(replica), claim(replica), ofOrders));

    replicas.settle(now(replica), new ReplicaSettings(Optional.empty(), new RefSelection.All(), 9));

    assertThat(groups.publish(publication(now(second), claim(second), ofItems))).isPresent();
    assertThat(now(replica).generation()).isEqualTo(2);
  }

  @Test
  void publish_leaseLost_stagesNothing() {
    Lease lost = claim(replica);
    expire(lost.resource());
    claim(replica);

    assertThatThrownBy(() -> groups.publish(publication(now(replica), lost, ofOrders)))
        .isInstanceOf(LeaseLostException.class);
    assertThat(rows("staged_publication")).isZero();
    assertThat(rows("destination_group")).isZero();
  }

  @Test
  void publishDue_holdOver_splitsOnce() {
    groups.publish(publication(now(replica), claim(replica), ofOrders));
    clock.step(Duration.ofMinutes(15).minusMillis(1));
    assertThat(groups.publishDue()).isFalse();
    clock.step(Duration.ofMillis(1));
    assertThat(groups.publishDue()).isTrue();
    assertThat(groups.publishDue()).isFalse();

    assertThat(told).containsExactly(now(replica));
    assertThat(groups.publish(publication(now(second), claim(second), ofItems)))
        .as("what comes late is shown at once")
        .contains(now(second));
    assertThat(rows("destination_group")).as("the record of it").isEqualTo(1);
  }
}
