package io.twinberg.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditScope;
import io.twinberg.config.NameGlob;
import io.twinberg.config.RefSelection;
import io.twinberg.config.Retention;
import io.twinberg.log.TableVersion;
import io.twinberg.testing.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PublisherTest extends ReplicaContract {
  private static final String[] EVERYTHING = {
    "replica",
    "receipt",
    "ledger",
    "lease",
    "replica_mapping",
    "source_table",
    "table_version",
    "audit_entry"
  };

  private static final ReplicaSettings RETENTION_AND_PRIORITY =
      new ReplicaSettings(Optional.of(new Retention.Forever()), new RefSelection.All(), 9);
  private static final ReplicaSettings BRANCH_ALONE =
      new ReplicaSettings(
          Optional.empty(),
          new RefSelection.Named(List.of(new NameGlob(List.of("audit"))), List.of()),
          ReplicaSettings.NONE.priority());

  private void assertRefusedWithoutChange(Publication publication) {
    Map<String, List<Map<String, Object>>> before = content(EVERYTHING);
    told.clear();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> publisher.publish(publication));

    assertThat(content(EVERYTHING)).isEqualTo(before);
    assertThat(told).isEmpty();
  }

  @Test
  void publish_firstVersion_movesThePointerWithReceiptAndLedger() {
    TableVersion version = append(1);
    LedgerEntry entry = manifest("m", 42);

    Replica published = publisher.publish(publication(replica, claim(), version, entry));

    assertThat(published).isEqualTo(read());
    assertThat(published.metadataLocation()).contains("s3://replica/r1/metadata/1.json");
    assertThat(published.position()).isEqualTo(version.position());
    assertThat(published.generation()).isEqualTo(1);
    assertThat(published.pointerGeneration()).isZero();
    assertThat(published.receiptId()).isPresent();
    assertThat(ledger.find("r1", List.of("s3://lake/m"))).containsValue(entry);
    assertThat(one("select state from ledger", String.class)).isEqualTo("LIVE");
    assertThat(told).containsExactly(published);
  }

  @Test
  void publish_version_writesItsReceipt() {
    TableVersion version = append(1);
    Lease lease = claim();

    Replica published = publisher.publish(publication(replica, lease, version));

    Map<String, Object> receipt = content("receipt").get("receipt").get(0);
    assertThat(receipt)
        .containsEntry("id", published.receiptId().getAsLong())
        .containsEntry("replica_id", "r1")
        .containsEntry("generation", 1L)
        .containsEntry("position", version.position())
        .containsEntry("token", lease.token())
        .containsEntry("source_metadata_location", version.metadataLocation())
        .containsEntry("metadata_location", "s3://replica/r1/metadata/1.json")
        .containsEntry("snapshot_id", 1001L)
        .containsEntry("files", 3L)
        .containsEntry("bytes", 4096L);
    assertThat(one("select committed_at from receipt", Instant.class))
        .isEqualTo(Samples.COMMITTED_AT);
  }

  @Test
  void publish_version_isInTheAuditUnderItsNameAtTheSource() {
    TableVersion version = append(1);
    database
        .jdbi()
        .useHandle(handle -> handle.execute("update replica set namespace = '[\"mapped\"]'"));
    replica = read();

    Replica published = publisher.publish(publication(replica, claim(), version));

    AuditEvent event = audited().get(0);
    assertThat(audited()).hasSize(1);
    assertThat(event.kind()).isEqualTo(AuditKind.VERSION);
    assertThat(event.action()).isEqualTo("applied");
    assertThat(event.actor()).isEmpty();
    assertThat(event.subject()).isEqualTo("replica mapped.orders");
    assertThat(event.scope())
        .isEqualTo(
            AuditScope.of(Optional.of(SOURCE), Optional.of(orders.name()), Optional.of("eu")));
    assertThat(event.details())
        .hasToString(
            """
            {"replicaId":"r1","generation":1,"position":%d,\
            "metadataLocation":"s3://replica/r1/metadata/%d.json","positionBefore":0,\
            "sourceMetadataLocation":"%s","files":3,"bytes":4096,\
            "committedAt":"2026-03-04T05:00:00.123Z","snapshotId":1001}\
            """
                .formatted(published.position(), published.position(), version.metadataLocation()));
  }

  private List<AuditEvent> audited() {
    return new AuditLog(database, clock)
        .oldest(AuditFilter.ALL, Optional.empty(), 100).stream().map(AuditEntry::event).toList();
  }

  /** As when the process dies, or the database is lost, in the last moment before the commit. */
  @Test
  void publish_transactionThatIsRolledBack_leavesNothingInTheAuditEither() {
    Publication publication = publication(replica, claim(), append(1));
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () ->
                database
                    .jdbi()
                    .useTransaction(
                        handle -> {
                          publisher.move(handle, publication);
                          throw new IllegalStateException("died");
                        }));
    assertThat(audited()).isEmpty();

    publisher.publish(publication);

    assertThat(audited()).hasSize(1);
  }

  @Test
  void adopt_laterGeneration_isInTheAuditOnce() {
    Lease lease = claim();
    publisher.adopt(
        replica, lease, 7, 5, "s3://replica/r1/metadata/7.json", new RefSelection.All());
    publisher.adopt(
        replica, lease, 7, 5, "s3://replica/r1/metadata/7.json", new RefSelection.All());

    assertThat(audited()).extracting(AuditEvent::action).containsExactly("adopted");
    assertThat(audited().get(0).details().path("generation").asLong()).isEqualTo(7);
  }

  /** The receipt of what the bucket shows was in the database that is lost. */
  @Test
  void adopt_laterGeneration_leavesNoReceiptAndNoTimeOfOne() {
    Lease lease = claim();
    publisher.publish(publication(replica, lease, append(1)));
    assertThat(one("select applied_micros from replica", Long.class))
        .isEqualTo(ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));

    Replica adopted =
        publisher.adopt(
            read(), lease, 7, 5, "s3://replica/r1/metadata/7.json", new RefSelection.All());

    assertThat(adopted.receiptId()).isEmpty();
    assertThat(one("select count(*) from replica where applied_micros is null", Long.class))
        .isOne();
  }

  @Test
  void adopt_lostLease_changesNothing() {
    Lease old = claim();
    expire(old.resource());
    claim();

    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(
            () ->
                publisher.adopt(
                    replica, old, 7, 5, "s3://replica/r1/metadata/7.json", new RefSelection.All()));

    assertThat(read()).isEqualTo(replica);
    assertThat(audited()).isEmpty();
  }

  @Test
  void publish_severalVersions_numbersReceiptsAndKeepsOldOnes() {
    Lease lease = claim();
    Replica first = publisher.publish(publication(replica, lease, append(1)));
    Map<String, Object> firstReceipt = content("receipt").get("receipt").get(0);

    Replica second = publisher.publish(publication(first, lease, append(2)));

    assertThat(second.generation()).isEqualTo(2);
    assertThat(second.receiptId().getAsLong()).isGreaterThan(first.receiptId().getAsLong());
    assertThat(content("receipt").get("receipt")).hasSize(2).contains(firstReceipt);
    assertThat(
            one(
                "select generation from receipt where id = ?",
                Long.class,
                second.receiptId().getAsLong()))
        .isEqualTo(2);
  }

  @Test
  void publish_stagedEntries_becomeLive() {
    Lease lease = claim();
    ledger.stage("r1", lease, manifest("m", 1));

    publisher.publish(publication(replica, lease, append(1), manifest("m", 1)));

    assertThat(one("select state from ledger", String.class)).isEqualTo("LIVE");
  }

  @Test
  void publish_afterFailures_forgetsThem() {
    Lease lease = claim();
    failures.record(
        "r1",
        lease,
        new ReplicaFailure("CODE", "message", Optional.of("file"), clock.instant(), true),
        clock.instant().plus(Duration.ofHours(1)));

    Replica published = publisher.publish(publication(replica, lease, append(1)));

    assertThat(published.failure()).isEmpty();
    assertThat(published.attempts()).isZero();
    assertThat(published.nextAttemptAt()).isEqualTo(clock.instant());
  }

  @Test
  void publish_lostLease_changesNothing() {
    TableVersion version = append(1);
    Lease old = claim();
    ledger.stage("r1", old, manifest("staged", 1));
    expire(old.resource());
    claim();

    assertRefusedWithoutChange(publication(replica, old, version, manifest("m", 1)));
  }

  @Test
  void publish_secondTimeFromTheSameReplica_changesNothing() {
    TableVersion first = append(1);
    TableVersion second = append(2);
    Lease lease = claim();
    publisher.publish(publication(replica, lease, first, manifest("m", 1)));

    assertRefusedWithoutChange(publication(replica, lease, first, manifest("n", 1)));
    assertRefusedWithoutChange(publication(replica, lease, second, manifest("n", 1)));
  }

  @Test
  void publish_generationThatIsAhead_changesNothing() {
    TableVersion version = append(1);
    Lease lease = claim();
    publisher.publish(publication(replica, lease, version));
    Replica ahead = read();
    database
        .jdbi()
        .useHandle(handle -> handle.execute("update replica set generation = 0 where id = 'r1'"));

    assertRefusedWithoutChange(publication(ahead, lease, append(2), manifest("n", 1)));
  }

  @Test
  void publish_samePositionOrOlder_neverGoesBack() {
    TableVersion first = append(1);
    TableVersion second = append(2);
    Lease lease = claim();
    Replica published = publisher.publish(publication(replica, lease, second));

    assertRefusedWithoutChange(publication(published, lease, second, manifest("m", 1)));
    assertRefusedWithoutChange(publication(published, lease, first, manifest("m", 1)));
  }

  @Test
  void republish_versionThatIsShown_movesThePointerWithAReceiptOfItsOwn() {
    TableVersion version = append(1);
    Lease lease = claim();
    Replica published = publisher.publish(publication(replica, lease, version));

    Replica again = publisher.republish(publication(published, lease, version));

    assertThat(again.position()).isEqualTo(version.position());
    assertThat(again.generation()).isEqualTo(2);
    assertThat(again.receiptId()).isNotEqualTo(published.receiptId());
    assertThat(audited())
        .extracting(AuditEvent::action)
        .containsExactly("applied", "published-again");
  }

  @Test
  void republish_versionThatIsNotShown_changesNothing() {
    Lease lease = claim();
    Replica published = publisher.publish(publication(replica, lease, append(1)));

    assertRefusedBeside(published, publication(published, lease, append(2)));
  }

  private void assertRefusedBeside(Replica published, Publication publication) {
    assertThatExceptionOfType(LeaseLostException.class)
        .isThrownBy(() -> publisher.republish(publication));
    assertThat(read()).isEqualTo(published);
  }

  @Test
  void publish_keptSomethingElseSince_isToBeDecidedAnew() {
    Lease lease = claim();
    replica = publisher.publish(publication(replica, lease, append(1)));
    Publication next = publication(replica, lease, append(2));

    for (ReplicaSettings other : List.of(RETENTION_AND_PRIORITY, BRANCH_ALONE)) {
      replicas.settle(read(), other);
      assertDecidedAnew(next);
    }

    replicas.settle(read(), ReplicaSettings.NONE);
    assertThat(publisher.publish(next).generation()).isEqualTo(2);
  }

  @Test
  void republish_keptSomethingElseSince_isToBeDecidedAnew() {
    Lease lease = claim();
    TableVersion version = append(1);
    replica = publisher.publish(publication(replica, lease, version));
    replicas.settle(replica, RETENTION_AND_PRIORITY);

    assertThatExceptionOfType(SettingsChangedException.class)
        .isThrownBy(() -> publisher.republish(publication(replica, lease, version)));

    assertThat(publisher.republish(publication(read(), lease, version)).generation()).isEqualTo(2);
  }

  @Test
  void publish_priorityChangedSince_isPublished() {
    replicas.settle(replica, new ReplicaSettings(Optional.empty(), new RefSelection.All(), 9));

    assertThat(publisher.publish(publication(replica, claim(), append(1))).generation())
        .isEqualTo(1);
  }

  private void assertDecidedAnew(Publication publication) {
    Map<String, List<Map<String, Object>>> before = content(EVERYTHING);
    assertThatExceptionOfType(SettingsChangedException.class)
        .isThrownBy(() -> publisher.publish(publication));
    assertThat(content(EVERYTHING)).isEqualTo(before);
  }

  @Test
  void publish_listener_isToldWhenOthersSeeTheNewPointer() {
    Publisher watching =
        new Publisher(database, clock, moved -> assertThat(read()).isEqualTo(moved));

    assertThat(watching.publish(publication(replica, claim(), append(1))).generation())
        .isEqualTo(1);
  }
}
