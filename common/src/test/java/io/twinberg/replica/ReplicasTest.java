package io.twinberg.replica;

import static io.twinberg.testing.Samples.discover;
import static io.twinberg.testing.Samples.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.config.DataSize;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.log.EntryKind;
import io.twinberg.log.SourceTable;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;

class ReplicasTest extends ReplicaContract {
  private static final ReplicaSettings LIMITED =
      new ReplicaSettings(
          Optional.empty(), new RefSelection.All(), 5, Optional.of(new DataSize(65_536)));

  @Test
  void create_newReplica_startsEmpty() {
    assertThat(replica)
        .isEqualTo(
            new Replica(
                "r1",
                EntryKind.TABLE,
                orders.id(),
                SOURCE,
                DESTINATION,
                name("orders"),
                "s3://replica/r1",
                ReplicaLifecycle.ACTIVE,
                false,
                0,
                0,
                Optional.empty(),
                OptionalLong.empty(),
                0,
                OptionalLong.empty(),
                ReplicaSettings.NONE,
                new RefSelection.All(),
                0,
                0,
                OptionalLong.empty(),
                clock.instant(),
                Optional.empty(),
                clock.instant()));
    assertThat(replicas.mapping("r1"))
        .containsExactly(
            new PrefixMapping("s3://lake/z", "s3://replica/r1/z"),
            new PrefixMapping("s3://lake/a", "s3://replica/r1/a"));
    assertThat(replicas.byName(DESTINATION, name("orders"))).contains(replica);
    assertThat(replicas.byName("us", name("orders"))).isEmpty();
  }

  @Test
  void create_again_isTheReplicaThatIsThere() {
    assertThat(replicas.create(wanted("r2", orders, name("orders")))).isEqualTo(replica);

    assertThat(rows("replica")).isEqualTo(1);
    assertThat(rows("replica_mapping")).isEqualTo(2);
  }

  @Test
  void create_againUnderAnotherName_isTheReplicaThatIsThere() {
    assertThat(replicas.create(wanted("r2", orders, name("mapped")))).isEqualTo(replica);
  }

  @Test
  void create_againUnderANameThatAnotherHas_isTheReplicaThatIsThere() {
    replicas.create(wanted("r2", discover(tables, SOURCE, "other"), name("other")));

    assertThat(replicas.create(wanted("r3", orders, name("other")))).isEqualTo(replica);
  }

  @Test
  void create_targetOfAnotherTable_isRefusedWithItsOwner() {
    SourceTable other = discover(tables, SOURCE, "other");

    assertThatExceptionOfType(TargetTakenException.class)
        .isThrownBy(() -> replicas.create(wanted("r2", other, name("orders"))))
        .withMessageContainingAll("sales.orders", DESTINATION, "r1", SOURCE, "namespace-mapping");

    assertThat(rows("replica")).isEqualTo(1);
    assertThat(rows("replica_mapping")).isEqualTo(2);
  }

  @Test
  void create_longNames_areFound() {
    TableIdentifier name = TableIdentifier.of("n" + "ü表".repeat(450), "t" + "🎉é".repeat(200));
    SourceTable other = discover(tables, SOURCE, name);

    Replica created = replicas.create(wanted("r2", other, name));

    assertThat(replicas.byName(DESTINATION, name)).contains(created);
  }

  @Test
  void ofTable_severalDestinations_areAllListed() {
    NewReplica us = wanted("r2", orders, name("orders"));
    Replica second =
        replicas.create(
            new NewReplica(
                "r2", us.tableId(), us.source(), "us", us.name(), us.folder(), us.mapping()));

    assertThat(replicas.ofTable(orders.id())).containsExactly(replica, second);
    assertThat(replicas.ofTable(4711)).isEmpty();
  }

  @Test
  void published_unpublishedReplica_isNotListed() {
    replicas.create(wanted("r2", discover(tables, SOURCE, "other"), name("other")));
    assertThat(replicas.published(DESTINATION, Namespace.of("sales"))).isEmpty();
    assertThat(replicas.namespaces(DESTINATION)).isEmpty();

    Replica published = publisher.publish(publication(replica, claim(), append(1)));

    assertThat(replicas.published(DESTINATION, Namespace.of("sales"))).containsExactly(published);
    assertThat(replicas.published(DESTINATION, Namespace.of("sale"))).isEmpty();
    assertThat(replicas.published("us", Namespace.of("sales"))).isEmpty();
    assertThat(replicas.namespaces(DESTINATION)).containsExactly(Namespace.of("sales"));
  }

  @Test
  void waiting_versionsToApply_isListed() {
    assertThat(replicas.waiting("me", 10)).isEmpty();

    append(1);

    assertThat(replicas.waiting("me", 10)).containsExactly(replica);
  }

  @Test
  void waiting_everythingApplied_waitsForThePointerObjectOnly() {
    Lease lease = claim();
    Replica published = publisher.publish(publication(replica, lease, append(1)));
    leases.release(lease);
    assertThat(replicas.waiting("me", 10)).containsExactly(published);

    replicas.pointerWritten(published);

    assertThat(replicas.waiting("me", 10)).isEmpty();
  }

  @Test
  void waiting_paused_isNotListed() {
    append(1);
    set("paused = true");

    assertThat(replicas.waiting("me", 10)).isEmpty();
  }

  @Test
  void waiting_nextAttemptInTheFuture_isListedWhenItComes() {
    append(1);
    Lease lease = claim();
    failures.record(
        "r1",
        lease,
        new ReplicaFailure("X", "denied", Optional.empty(), clock.instant(), false),
        clock.instant().plusSeconds(60));
    leases.release(lease);

    clock.step(Duration.ofSeconds(59));
    assertThat(replicas.waiting("me", 10)).isEmpty();
    clock.step(Duration.ofSeconds(1));
    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("r1");
  }

  @Test
  void waiting_leaseHeld_isListedWhenItIsReleasedOrExpired() {
    append(1);
    Lease lease = claim();
    assertThat(replicas.waiting("me", 10)).isEmpty();
    assertThat(replicas.waiting(lease.owner(), 10)).as("by its owner").hasSize(1);

    leases.release(lease);
    assertThat(replicas.waiting("me", 10)).hasSize(1);
    claim();
    expire(lease.resource());
    assertThat(replicas.waiting("me", 10)).hasSize(1);
  }

  @Test
  void waiting_droppedAtTheSource_isListedUntilArchived() {
    append(1);
    set("lifecycle = 'SOURCE_DROPPED'");
    assertThat(replicas.waiting("me", 10)).hasSize(1);

    replicas.archive(orders.id());
    assertThat(replicas.waiting("me", 10)).isEmpty();
  }

  @Test
  void waiting_severalReplicas_areLongestWaitingFirstUpToTheLimit() {
    SourceTable other = discover(tables, SOURCE, "other");
    versions.append(Samples.append(other, OptionalLong.empty(), 1));
    append(1);
    clock.step(Duration.ofSeconds(-5));
    Replica earlier = replicas.create(wanted("r2", other, name("other")));
    clock.step(Duration.ofSeconds(5));

    assertThat(replicas.waiting("me", 10)).containsExactly(earlier, replica);
    assertThat(replicas.waiting("me", 1)).containsExactly(earlier);
  }

  @Test
  void waiting_priorities_higherFirstUntilTheLowerOneHasWaitedLonger() {
    Replica high = another("high");
    replicas.settle(replica, settings(0));
    replicas.settle(high, settings(9));
    append(1);
    clock.step(Duration.ofMinutes(8));
    appendTo("high");
    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("high", "r1");

    clock.step(Duration.ofMinutes(2));
    Replica later = another("later");
    replicas.settle(later, settings(9));
    appendTo("later");
    assertThat(replicas.waiting("me", 10))
        .extracting(Replica::id)
        .containsExactly("high", "r1", "later");
  }

  @Test
  void waiting_idleForLong_countsFromTheCommitOn() {
    clock.step(Duration.ofHours(1));
    append(1);
    Replica high = another("high");
    replicas.settle(high, settings(6));
    appendTo("high");
    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("high", "r1");
  }

  private Replica another(String table) {
    return replicas.create(wanted(table, discover(tables, SOURCE, table), name(table)));
  }

  private void appendTo(String table) {
    versions.append(
        Samples.append(
            tables.active(EntryKind.TABLE, SOURCE, "", name(table)).orElseThrow(),
            OptionalLong.empty(),
            1));
  }

  @Test
  void waiting_withoutLimited_leavesThoseOutWhoseRuleLimitsThem() {
    append(1);
    Replica limited = another("limited");
    replicas.settle(limited, LIMITED);
    appendTo("limited");

    assertThat(replicas.waiting("me", 10, true))
        .extracting(Replica::id)
        .containsExactlyInAnyOrder("limited", "r1");
    assertThat(replicas.waiting("me", 10, false)).extracting(Replica::id).containsExactly("r1");
    assertThat(replicas.waitingBehind(SOURCE, 0, "me", 10, true)).hasSize(2);
    assertThat(replicas.waitingBehind(SOURCE, 0, "me", 10, false))
        .extracting(Replica::id)
        .containsExactly("r1");
  }

  @Test
  void going_notPausedAndThere_isListedWithItsLimit() {
    Replica limited = another("limited");
    replicas.settle(limited, LIMITED);
    assertThat(replicas.going(List.of("r1", "limited", "gone")))
        .containsOnly(
            Map.entry("r1", Optional.empty()), Map.entry("limited", LIMITED.bandwidthLimit()));
  }

  private static ReplicaSettings settings(int priority) {
    return new ReplicaSettings(Optional.empty(), new RefSelection.All(), priority);
  }

  @Test
  void settle_everySetting_isKept() {
    ReplicaSettings bounded =
        new ReplicaSettings(
            Optional.of(new Retention.Bounded(Duration.ofDays(90), 3)),
            new RefSelection.Named(
                List.of(new NameGlob(List.of("audit*"))), List.of(new NameGlob(List.of("a.b")))),
            9,
            LIMITED.bandwidthLimit());
    replicas.settle(replica, bounded);
    assertThat(read().settings()).isEqualTo(bounded);
    assertThat(read().shownRefs()).isEqualTo(new RefSelection.All());

    ReplicaSettings forever =
        new ReplicaSettings(Optional.of(new Retention.Forever()), new RefSelection.All(), 0);
    replicas.settle(read(), forever);
    assertThat(read().settings()).isEqualTo(forever);
    replicas.settle(read(), ReplicaSettings.NONE);
    assertThat(read().settings()).isEqualTo(ReplicaSettings.NONE);
  }

  private void set(String assignment) {
    database.jdbi().useHandle(handle -> handle.execute("update replica set " + assignment));
  }

  @Test
  void pointerWritten_olderGeneration_doesNotGoBack() {
    Lease lease = claim();
    Replica first = publisher.publish(publication(replica, lease, append(1)));
    Replica second = publisher.publish(publication(first, lease, append(2)));
    replicas.pointerWritten(second);
    replicas.pointerWritten(first);

    assertThat(read().pointerGeneration()).isEqualTo(2);
  }

  @Test
  void pointerWritten_nameChangedMeanwhile_stillWaits() {
    Lease lease = claim();
    Replica published = publisher.publish(publication(replica, lease, append(1)));
    leases.release(lease);
    replicas.renamed("r1", name("moved"));

    replicas.pointerWritten(published);

    assertThat(read().pointerGeneration()).isZero();
    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("r1");
  }

  @Test
  void renamed_replica_movesItsNameAndKeepsItsFolder() {
    replicas.renamed("r1", TableIdentifier.of("other", "purchases"));

    assertThat(replicas.byName(DESTINATION, name("orders"))).isEmpty();
    Replica renamed =
        replicas.byName(DESTINATION, TableIdentifier.of("other", "purchases")).orElseThrow();
    assertThat(renamed.id()).isEqualTo("r1");
    assertThat(renamed.folder()).isEqualTo("s3://replica/r1");
  }

  @Test
  void renamed_toATakenTarget_isRefusedWithItsOwner() {
    replicas.create(wanted("r2", discover(tables, SOURCE, "other"), name("other")));

    assertThatExceptionOfType(TargetTakenException.class)
        .isThrownBy(() -> replicas.renamed("r1", name("other")))
        .withMessageContainingAll("sales.other", "r2");

    assertThat(read()).isEqualTo(replica);
  }

  @Test
  void sourceDropped_activeReplica_staysUnderItsName() {
    replicas.sourceDropped(orders.id());

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
    assertThat(replicas.byName(DESTINATION, name("orders"))).isPresent();
  }

  @Test
  void sourceDropped_archivedReplica_staysArchived() {
    replicas.archive(orders.id());
    replicas.sourceDropped(orders.id());

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
  }

  @Test
  void archive_replica_makesRoomForItsSuccessor() {
    replicas.archive(orders.id());
    replicas.archive(orders.id());

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(read().name()).isEqualTo(name("orders__archived_r1"));
    SourceTable successor = discover(tables, SOURCE, "orders");
    Replica next = replicas.create(wanted("r2", successor, name("orders")));
    assertThat(replicas.byName(DESTINATION, name("orders"))).contains(next);
    assertThat(replicas.byName(DESTINATION, name("orders__archived_r1"))).isPresent();
  }

  @Test
  void archive_nameAsLongAsItMayBe_fits() {
    TableIdentifier longest = name("x".repeat(1000));
    SourceTable other = discover(tables, SOURCE, longest);
    replicas.create(wanted("r2", other, longest));

    replicas.archive(other.id());

    assertThat(replicas.find("r2").orElseThrow().name().name())
        .startsWith("xxx")
        .endsWith("__archived_r2");
  }

  @Test
  void renamed_replicaThatHadStepped_aside_goesOn() {
    replicas.archive("r1");
    replicas.renamed("r1", name("orders"));

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
    assertThat(read().name()).isEqualTo(name("orders"));
  }

  @Test
  void unmatched_activeReplica_staysUnderItsNameAndWaitsForNothing() {
    append(1);
    replicas.unmatched("r1");

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.UNMATCHED);
    assertThat(replicas.byName(DESTINATION, name("orders"))).isPresent();
    assertThat(replicas.waiting("me", 10)).isEmpty();
    replicas.sourceDropped(orders.id());
    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
    replicas.unmatched("r1");
    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.SOURCE_DROPPED);
  }

  @Test
  void archive_oneReplica_leavesTheTablesOthers() {
    NewReplica us = wanted("r2", orders, name("orders"));
    replicas.create(
        new NewReplica(
            "r2", us.tableId(), us.source(), "us", us.name(), us.folder(), us.mapping()));

    replicas.archive("r1");

    assertThat(read().lifecycle()).isEqualTo(ReplicaLifecycle.ARCHIVED);
    assertThat(replicas.find("r2").orElseThrow().lifecycle()).isEqualTo(ReplicaLifecycle.ACTIVE);
  }

  @Test
  void view_takesATargetLikeATable() {
    SourceTable view =
        tables.discover(
            EntryKind.VIEW, SOURCE, "", name("totals"), "v1", "s3://lake/totals", false);
    NewReplica wanted =
        new NewReplica(
            "r2",
            EntryKind.VIEW,
            view.id(),
            SOURCE,
            DESTINATION,
            name("orders"),
            "s3://replica/r2",
            List.of(),
            false);

    assertThatExceptionOfType(TargetTakenException.class).isThrownBy(() -> replicas.create(wanted));

    replicas.archive("r1");
    assertThat(replicas.create(wanted).kind()).isEqualTo(EntryKind.VIEW);
    assertThat(replicas.byName(DESTINATION, name("orders")).orElseThrow().kind())
        .isEqualTo(EntryKind.VIEW);
  }

  @Test
  void waiting_viewWithAReminder_isNotListed() {
    SourceTable view =
        tables.discover(
            EntryKind.VIEW, SOURCE, "", name("totals"), "v1", "s3://lake/totals", false);
    for (EntryKind kind : EntryKind.values()) {
      long table = kind == EntryKind.VIEW ? view.id() : discover(tables, SOURCE, "t").id();
      replicas.create(
          new NewReplica(
              "due_" + kind,
              kind,
              table,
              SOURCE,
              DESTINATION,
              name(kind.name()),
              "s3://replica/" + kind,
              List.of()));
      new Expiries(database, clock)
          .looked(replicas.find("due_" + kind).orElseThrow(), "90d", Optional.of(clock.instant()));
    }

    assertThat(replicas.waiting("me", 10)).extracting(Replica::id).containsExactly("due_TABLE");
  }
}
