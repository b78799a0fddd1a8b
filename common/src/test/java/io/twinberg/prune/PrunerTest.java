package io.twinberg.prune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.log.IntentLog;
import io.twinberg.log.Outcome;
import io.twinberg.log.SourceTable;
import io.twinberg.log.TableVersion;
import io.twinberg.operation.Claim;
import io.twinberg.operation.Operation;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.ExpiryHolds;
import io.twinberg.replica.Lease;
import io.twinberg.replica.LeaseLostException;
import io.twinberg.replica.Leases;
import io.twinberg.replica.Publication;
import io.twinberg.replica.Replica;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** What is old and done goes, what anybody needs stays. */
class PrunerTest extends PrunedWorld {
  private static final Outcome COMMITTED = new Outcome.Committed(200, Optional.empty());
  private static final Outcome UNKNOWN = new Outcome.Unknown(Optional.empty(), "broken");
  private static final OperationRequest RETRY =
      new OperationRequest.Retry(
          new ReplicaTarget(Optional.empty(), Optional.empty(), Optional.empty()));

  @Test
  void intents_thatEndedLongAgo_goWithTheirTables() {
    long logged = settled(COMMITTED);
    intents.logged(logged);
    settled(new Outcome.Rejected(409));
    intents.abandon(settled(UNKNOWN), "not found");
    clock.step(LONG);

    prune();

    assertThat(rows("intent")).isZero();
    assertThat(rows("intent_table")).isZero();
  }

  @Test
  void intents_thatHaveNotEnded_stayHoweverOld() {
    List<Long> open = List.of(open(), settled(COMMITTED), settled(UNKNOWN));
    clock.step(LONG);

    prune();

    assertThat(numbers("id", "intent")).isEqualTo(open);
    assertThat(numbers("intent_id", "intent_table")).isEqualTo(open);
    assertThat(intents.due(SOURCE, 10)).hasSize(2);
  }

  @Test
  void intents_thatEndedLately_stayHoweverLongTheyTook() {
    long slow = settled(UNKNOWN);
    clock.step(LONG);
    intents.abandon(slow, "not found");

    prune();

    assertThat(numbers("id", "intent")).containsExactly(slow);
  }

  @Test
  void outcome_ofAnIntentThatIsGone_isRefusedAsOfAClosedOne() {
    long intent = settled(UNKNOWN);
    intents.abandon(intent, "not found");
    clock.step(LONG);
    prune();

    assertThatThrownBy(() -> intents.settle(intent, COMMITTED))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void versions_thatAllReplicasHaveLeftBehind_go() {
    List<Long> chain = append(5);
    replica("a");
    replica("b");
    publish("a", chain.get(2));
    publish("b", chain.get(4));
    clock.step(LONG);

    prune();

    assertThat(numbers("position", "table_version")).isEqualTo(chain.subList(2, 5));
    assertThat(versions.after(orders.id(), chain.get(2), 10))
        .extracting(TableVersion::position)
        .isEqualTo(chain.subList(3, 5));
  }

  @Test
  void versions_ofATableWithoutReplicas_goButForTheHead() {
    List<Long> chain = append(3);
    clock.step(LONG);

    prune();

    assertThat(numbers("position", "table_version")).containsExactly(chain.get(2));
    assertThat(versions.beginning(orders.id())).isEqualTo(chain.get(2));
  }

  @Test
  void versions_thatAReplicaWithoutAnyWaitsFor_stay() {
    List<Long> chain = append(3);
    replica("a");
    replica("b");
    publish("a", chain.get(2));
    clock.step(LONG);

    prune();

    assertThat(numbers("position", "table_version")).isEqualTo(chain);
  }

  @Test
  void versions_afterWhatWasDroppedAtTheSource_stayUntilTheyAreApplied() {
    List<Long> chain = append(3);
    replica("a");
    publish("a", chain.get(0));
    replicas.sourceDropped(orders.id());
    clock.step(LONG);
    prune();
    assertThat(numbers("position", "table_version")).isEqualTo(chain);

    publish("a", chain.get(2));
    prune();

    assertThat(numbers("position", "table_version")).containsExactly(chain.get(2));
  }

  @Test
  void versions_ofLately_stay() {
    List<Long> old = append(2);
    clock.step(LONG);
    List<Long> young = append(2);

    prune();

    assertThat(numbers("position", "table_version"))
        .isEqualTo(young)
        .doesNotContainAnyElementsOf(old);
  }

  @Test
  void versions_thatAReplicaNobodyRulesMisses_goAndLeaveOneGap() {
    List<Long> chain = append(3);
    replica("a");
    publish("a", chain.get(0));
    replicas.unmatched("a");
    clock.step(LONG);
    prune();
    append(1);
    clock.step(LONG);
    append(1);

    prune();

    assertThat(numbers("position", "table_version")).hasSize(2).contains(chain.get(0));
    assertThat(numbers("after_position", "gap")).containsExactly(chain.get(0));
    assertThat(numbers("before_position", "gap")).containsExactly(chain.get(2) + 2);
  }

  @Test
  void publication_ofAVersionThatIsGone_isRefused() {
    List<Long> chain = append(3);
    Replica replica = replica("a");
    TableVersion chosen = versions.find(SOURCE, chain.get(1)).orElseThrow();
    replicas.unmatched("a");
    clock.step(LONG);
    prune();
    Lease lease =
        new Leases(database).claim(Lease.ofReplica("a"), "w", Duration.ofMinutes(1)).orElseThrow();

    assertThatThrownBy(
            () ->
                publisher.publish(
                    new Publication(
                        replica,
                        lease,
                        chosen,
                        "s3://replica/a/m",
                        List.of(),
                        List.of(),
                        1,
                        1,
                        OptionalLong.empty(),
                        clock.instant())))
        .isInstanceOf(LeaseLostException.class);
    assertThat(replicas.find("a").orElseThrow().position()).isZero();
  }

  @Test
  void groups_withoutVersions_go() {
    SourceTable other = Samples.discover(tables, SOURCE, "other");
    appendGroup(other);
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into destination_group (group_id, destination, since, split_at)
                    select id, 'eu', logged_at, logged_at from version_group
                    """));
    append(1);
    clock.step(LONG);
    appendGroup(other);

    prune();

    assertThat(rows("destination_group")).isZero();
    assertThat(rows("version_group_member")).isEqualTo(2);
    assertThat(numbers("id", "version_group")).hasSize(1);
    assertThat(numbers("group_id", "table_version where group_id is not null"))
        .hasSize(2)
        .hasSameElementsAs(numbers("id", "version_group"));
  }

  @Test
  void groups_withAVersionLeft_stayAndTheRoundGoesOn() {
    SourceTable other = Samples.discover(tables, SOURCE, "other");
    appendGroup(other);
    List<Long> later = append(2);
    replica("a");
    later.forEach(position -> publish("a", position));
    clock.step(LONG);

    prune();

    assertThat(rows("version_group")).isEqualTo(1);
    assertThat(numbers("group_id", "table_version where group_id is not null")).hasSize(1);
    assertThat(rows("receipt")).isEqualTo(1);
  }

  @Test
  void receipts_goButForEachReplicasCurrentOne() {
    List<Long> chain = append(4);
    replica("a");
    replica("b");
    publish("a", chain.get(0));
    publish("b", chain.get(0));
    Replica shown = publish("b", chain.get(1));
    clock.step(LONG);
    publish("a", chain.get(2));
    publish("a", chain.get(3));

    prune();

    assertThat(numbers("generation", "receipt where replica_id = 'b'"))
        .containsExactly(shown.generation());
    assertThat(numbers("generation", "receipt where replica_id = 'a'")).containsExactly(2L, 3L);
  }

  @Test
  void gaps_goWhenEveryReplicaHasPassedThem() {
    List<Long> chain = append(2);
    replica("a");
    publish("a", chain.get(1));
    long behind = append(Optional.of("it cannot be read"));
    clock.step(LONG);
    prune();
    assertThat(rows("gap")).as("before the replica passes it").isEqualTo(1);

    publish("a", behind);
    prune();

    assertThat(rows("gap")).isZero();
  }

  @Test
  void operations_thatEndedLongAgo_go() {
    OperationLog log = new OperationLog(database, clock);
    log.request(RETRY, "ops");
    Claim claim = log.claim("a", LONG).orElseThrow();
    log.finish(claim, io.twinberg.operation.Outcome.completed("done", "{}"));
    Operation waiting = log.request(RETRY, "ops");
    clock.step(LONG);

    prune();

    assertThat(log.newest(Optional.empty(), 10))
        .extracting(Operation::id)
        .containsExactly(waiting.id());
  }

  @Test
  void expiryHolds_thatNobodyAskedForLately_go() {
    ExpiryHolds holds = new ExpiryHolds(SOURCE, database, clock);
    holds.until(Samples.name("old"), "eu", 1, LONG);
    holds.until(orders.name(), "eu", 1, LONG);
    clock.step(LONG);
    holds.until(orders.name(), "eu", 1, LONG);

    prune();

    assertThat(rows("expiry_hold")).isEqualTo(1);
    assertThat(holds.until(orders.name(), "eu", 1, LONG)).isEqualTo(clock.instant());
  }

  @Test
  void processes_longDead_goAndTheirIntentsAreAdoptedStill() {
    intents.heartbeat();
    long pending = open();
    clock.step(LONG);
    IntentLog alive = new IntentLog(database, clock, "p2");
    alive.heartbeat();

    prune();

    assertThat(one("select id from process", String.class)).isEqualTo("p2");
    assertThat(alive.adoptOrphans(SOURCE, Duration.ofSeconds(30))).isEqualTo(1);
    assertThat(alive.due(SOURCE, 10)).extracting(intent -> intent.id()).containsExactly(pending);
  }

  @Test
  void step_manyRows_removesAFewAtATime() {
    append(3 * Pruner.BATCH);
    clock.step(LONG);
    Pruner pruner = new Pruner(SOURCE, database, clock, RETENTION);
    pruner.step();
    long before = rows("table_version");

    pruner.step();

    assertThat(before - rows("table_version")).isEqualTo(Pruner.BATCH);
    while (pruner.step()) {
      // batch after batch
    }
    assertThat(rows("table_version")).isEqualTo(1);
  }

  @Test
  void step_afterARound_waitsForTheNext() {
    append(2);
    Pruner pruner = new Pruner(SOURCE, database, clock, RETENTION);
    while (pruner.step()) {
      // nothing is old yet
    }
    assertThat(pruner.step()).isFalse();
    clock.step(LONG);

    while (pruner.step()) {
      // what has become old
    }

    assertThat(rows("table_version")).isEqualTo(1);
  }
}
