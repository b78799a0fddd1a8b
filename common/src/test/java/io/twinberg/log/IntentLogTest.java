package io.twinberg.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IntentLogTest extends DatabaseContract {
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final TableIdentifier ORDERS = Samples.name("orders");
  private static final byte[] BODY = {0, (byte) 0xff, '{', '}', (byte) 0xc3};
  private static final Outcome COMMITTED = new Outcome.Committed(204, Optional.empty());
  private static final Outcome REJECTED = new Outcome.Rejected(409);
  private static final Outcome UNKNOWN = new Outcome.Unknown(Optional.of(503), "busy");

  private IntentLog log;

  @BeforeEach
  void openLog() {
    log = log("p1");
  }

  private IntentLog log(String process) {
    return new IntentLog(database, clock, process);
  }

  private static NewIntent intent(IntentKind kind, TableIdentifier... targets) {
    return new NewIntent(SOURCE, "main", kind, List.of(targets), BODY, "r-1", Optional.of("key"));
  }

  private long open() {
    return log.open(intent(IntentKind.UPDATE_TABLE, ORDERS));
  }

  private long settled(Outcome outcome) {
    long id = open();
    log.settle(id, outcome);
    return id;
  }

  private IntentState state(long id) {
    return column(id, "state", IntentState.class);
  }

  private <T> T column(long id, String column, Class<T> type) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select " + column + " from intent where id = :id")
                    .bind("id", id)
                    .mapTo(type)
                    .one());
  }

  @Test
  void open_newIntent_isPendingWithEveryField() {
    long id = open();

    assertThat(state(id)).isEqualTo(IntentState.PENDING);
    assertThat(column(id, "process_id", String.class)).isEqualTo("p1");
    assertThat(column(id, "request_id", String.class)).isEqualTo("r-1");
    assertThat(column(id, "idempotency_key", String.class)).isEqualTo("key");
    assertThat(rows("intent")).isEqualTo(1);
    assertThat(log.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void open_sourceWithoutRow_isRefused() {
    NewIntent unknown =
        new NewIntent("other", "", IntentKind.OTHER, List.of(), BODY, "r", Optional.empty());

    assertThatThrownBy(() -> log.open(unknown))
        .isInstanceOf(JdbiException.class)
        .hasMessageContaining("no source other");
    assertThat(rows("intent")).isZero();
  }

  @Test
  void open_renamedTable_keepsBothNamesInOrder() {
    TableIdentifier odd = TableIdentifier.of("a.b", "q\"'`", "ünï.🎉");

    long id = log.open(intent(IntentKind.RENAME_TABLE, odd, ORDERS));
    log.settle(id, COMMITTED);

    assertThat(log.due(SOURCE, 1).get(0).targets()).containsExactly(odd, ORDERS);
  }

  @Test
  void open_longIdempotencyKey_isKeptAsFarAsItFits() {
    NewIntent long300 =
        new NewIntent(
            SOURCE, "", IntentKind.OTHER, List.of(), BODY, "r", Optional.of("k".repeat(300)));

    long id = log.open(long300);

    assertThat(column(id, "idempotency_key", String.class)).isEqualTo("k".repeat(255));
  }

  @Test
  void settle_committedWithTable_keepsTheAnswerToTheByte() {
    byte[] metadata = unknownBytes(5 << 20);
    long id = open();
    clock.step(Duration.ofSeconds(3));
    Instant settledAt = clock.instant();
    CommittedTable answer = new CommittedTable(ORDERS, "s3://lake/ü/1.json", KeptJson.of(metadata));

    log.settle(id, new Outcome.Committed(200, Optional.of(answer)));

    Intent due = log.due(SOURCE, 10).get(0);
    assertThat(due.state()).isEqualTo(IntentState.COMMITTED);
    assertThat(due.id()).isEqualTo(id);
    assertThat(due.source()).isEqualTo(SOURCE);
    assertThat(due.reference()).isEqualTo("main");
    assertThat(due.kind()).isEqualTo(IntentKind.UPDATE_TABLE);
    assertThat(due.body()).isEqualTo(BODY);
    assertThat(due.openedAt()).isEqualTo(settledAt.minusSeconds(3));
    assertThat(due.settledAt()).contains(settledAt);
    assertThat(due.checks()).isZero();
    CommittedTable read = due.committed().orElseThrow();
    assertThat(read.name()).isEqualTo(ORDERS);
    assertThat(read.metadataLocation()).isEqualTo("s3://lake/ü/1.json");
    assertThat(read.metadata().bytes()).isEqualTo(metadata);
    assertThat(column(id, "status", Integer.class)).isEqualTo(200);
  }

  /** Not compressible, and no text in any charset. */
  @Test
  void append_ofItsVersion_closesACommittedIntentAndLeavesAnUnknownOne() {
    long committed = settled(COMMITTED);
    long unknown = settled(UNKNOWN);
    SourceTable table = Samples.discover(tables, SOURCE, "orders");

    append(table, OptionalLong.empty(), 1, committed);
    append(table, OptionalLong.of(1), 2, unknown);

    assertThat(state(committed)).isEqualTo(IntentState.LOGGED);
    assertThat(state(unknown)).isEqualTo(IntentState.UNKNOWN);
    log.logged(committed);
    log.logged(unknown);
    assertThat(state(unknown)).isEqualTo(IntentState.LOGGED);
  }

  private void append(SourceTable table, OptionalLong head, int number, long intentId) {
    Append sample = Samples.append(table, head, number);
    NewVersion version = sample.versions().get(0);
    versions.append(
        new Append(
            table,
            head,
            List.of(
                new NewVersion(
                    version.metadataLocation(),
                    version.origin(),
                    OptionalLong.of(intentId),
                    version.lastSequenceNumber(),
                    version.lastUpdatedAt(),
                    version.snapshotId(),
                    version.metadata())),
            Optional.empty()));
  }

  private static byte[] unknownBytes(int length) {
    byte[] bytes = new byte[length];
    new Random(42).nextBytes(bytes);
    return bytes;
  }

  @Test
  void settle_transactionWithoutTable_isCommittedWithoutAnswer() {
    settled(COMMITTED);

    assertThat(log.due(SOURCE, 10))
        .singleElement()
        .satisfies(intent -> assertThat(intent.committed()).isEmpty());
  }

  @Test
  void settle_unknownWithoutStatus_keepsTheReasonAndIsDueAtOnce() {
    long id = settled(new Outcome.Unknown(Optional.empty(), "connection reset"));

    assertThat(column(id, "reason", String.class)).isEqualTo("connection reset");
    assertThat(log.due(SOURCE, 10)).extracting(Intent::id).containsExactly(id);
  }

  @Test
  void settle_rejected_isNotDue() {
    long id = settled(REJECTED);

    assertThat(state(id)).isEqualTo(IntentState.REJECTED);
    assertThat(log.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void settle_unknownAfterAll_isCommittedByTheLateReport() {
    long id = settled(UNKNOWN);

    log.settle(id, COMMITTED);

    assertThat(state(id)).isEqualTo(IntentState.COMMITTED);
  }

  @Test
  void settle_twice_isRefusedAndChangesNothing() {
    long id = settled(COMMITTED);
    CommittedTable answer = new CommittedTable(ORDERS, "s3://lake/2.json", KeptJson.of(BODY));

    assertThatIllegalStateException()
        .isThrownBy(() -> log.settle(id, new Outcome.Committed(200, Optional.of(answer))));

    assertThat(column(id, "status", Integer.class)).isEqualTo(204);
    assertThat(log.due(SOURCE, 1).get(0).committed()).isEmpty();
  }

  @Test
  void settle_unknownIntent_isRefused() {
    assertThatIllegalStateException().isThrownBy(() -> log.settle(4711, REJECTED));
  }

  @Test
  void due_manyIntents_areOldestFirstOfThatSourceUpToTheLimit() {
    new Sources(database).register("other");
    long first = settled(UNKNOWN);
    long second = settled(COMMITTED);
    long third = settled(UNKNOWN);
    open();

    assertThat(log.due(SOURCE, 10)).extracting(Intent::id).containsExactly(first, second, third);
    assertThat(log.due(SOURCE, 2)).extracting(Intent::id).containsExactly(first, second);
    assertThat(log.due("other", 10)).isEmpty();
  }

  @Test
  void due_clockFinerThanTheColumn_showsAnIntentInTheMomentOfItsSettling() {
    clock.step(Duration.ofNanos(999_999_999));

    long id = settled(COMMITTED);

    assertThat(log.due(SOURCE, 10)).extracting(Intent::id).containsExactly(id);
  }

  @Test
  void checkAgain_unknownIntent_isDueAfterTheWaitWithOneMoreCheck() {
    long id = settled(UNKNOWN);

    log.checkAgain(id, Duration.ofSeconds(4));

    assertThat(log.due(SOURCE, 10)).isEmpty();
    clock.step(Duration.ofSeconds(4));
    assertThat(log.due(SOURCE, 10))
        .singleElement()
        .satisfies(intent -> assertThat(intent.checks()).isEqualTo(1));
  }

  @Test
  void logged_committedOrUnknown_isClosed() {
    long committed = settled(COMMITTED);
    long unknown = settled(UNKNOWN);

    log.logged(committed);
    log.logged(unknown);

    assertThat(state(committed)).isEqualTo(IntentState.LOGGED);
    assertThat(state(unknown)).isEqualTo(IntentState.LOGGED);
    assertThat(column(committed, "status", Integer.class)).isEqualTo(204);
    assertThat(log.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void abandon_unknown_isClosedWithTheReason() {
    long id = settled(UNKNOWN);

    log.abandon(id, "not found for 15 min");

    assertThat(state(id)).isEqualTo(IntentState.ABANDONED);
    assertThat(column(id, "reason", String.class)).isEqualTo("not found for 15 min");
  }

  @Test
  void abandon_committed_isRefused() {
    long id = settled(COMMITTED);

    assertThatIllegalStateException().isThrownBy(() -> log.abandon(id, "why not"));
    assertThat(state(id)).isEqualTo(IntentState.COMMITTED);
  }

  @Test
  void logged_pending_isRefused() {
    long id = open();

    assertThatIllegalStateException().isThrownBy(() -> log.logged(id));
    assertThat(state(id)).isEqualTo(IntentState.PENDING);
  }

  @ParameterizedTest
  @EnumSource(IntentKind.class)
  void due_anyKind_isReadBack(IntentKind kind) {
    log.settle(log.open(intent(kind, ORDERS)), UNKNOWN);

    assertThat(log.due(SOURCE, 1).get(0).kind()).isEqualTo(kind);
  }

  @Test
  void adoptOrphans_deadProcess_makesItsPendingIntentsUnknown() {
    log("dead").heartbeat();
    long orphan = log("dead").open(intent(IntentKind.UPDATE_TABLE, ORDERS));
    clock.step(SILENCE);

    assertThat(log.adoptOrphans(SOURCE, SILENCE)).isEqualTo(1);

    assertThat(state(orphan)).isEqualTo(IntentState.UNKNOWN);
    assertThat(column(orphan, "reason", String.class)).isEqualTo("its process ended");
    assertThat(log.due(SOURCE, 10)).extracting(Intent::id).containsExactly(orphan);
  }

  @Test
  void adoptOrphans_processThatNeverBeat_countsAsDead() {
    long orphan = log("dead").open(intent(IntentKind.UPDATE_TABLE, ORDERS));

    assertThat(log.adoptOrphans(SOURCE, SILENCE)).isEqualTo(1);
    assertThat(state(orphan)).isEqualTo(IntentState.UNKNOWN);
  }

  @Test
  void adoptOrphans_liveProcess_keepsItsIntents() {
    IntentLog live = log("live");
    live.heartbeat();
    long id = live.open(intent(IntentKind.UPDATE_TABLE, ORDERS));
    clock.step(SILENCE);
    live.heartbeat();
    clock.step(SILENCE.minusSeconds(1));

    assertThat(log.adoptOrphans(SOURCE, SILENCE)).isZero();
    assertThat(state(id)).isEqualTo(IntentState.PENDING);
    assertThat(rows("process")).isEqualTo(1);
  }

  @Test
  void adoptOrphans_ownIntentsWithoutHeartbeat_areKept() {
    long id = open();
    clock.step(SILENCE.multipliedBy(9));

    assertThat(log.adoptOrphans(SOURCE, SILENCE)).isZero();
    assertThat(state(id)).isEqualTo(IntentState.PENDING);
  }

  @Test
  void adoptOrphans_settledIntentsOfADeadProcess_areKept() {
    IntentLog dead = log("dead");
    long committed = dead.open(intent(IntentKind.UPDATE_TABLE, ORDERS));
    dead.settle(committed, COMMITTED);

    assertThat(log.adoptOrphans(SOURCE, SILENCE)).isZero();
    assertThat(state(committed)).isEqualTo(IntentState.COMMITTED);
  }

  private void checked(SourceTable table) {
    checks.checked(
        List.of(new TableCheck(table.id(), 0, clock.instant(), false, Duration.ofMinutes(15))));
  }

  @Test
  void own_pending_areThoseOfThisProcessAndSourceThatAreNotSettled() {
    long mine = open();
    settled(COMMITTED);
    log("other").open(intent(IntentKind.UPDATE_TABLE, ORDERS));

    assertThat(log.own().pending(SOURCE)).containsExactly(mine);
    assertThat(log.own().pending("elsewhere")).isEmpty();
  }

  @Test
  void own_disown_makesWhatIsStillPendingUnknownAndDue() {
    long lost = open();
    long settledMeanwhile = settled(REJECTED);
    long another = log("other").open(intent(IntentKind.UPDATE_TABLE, ORDERS));

    log.own().disown(List.of(lost, settledMeanwhile, another));

    assertThat(state(lost)).isEqualTo(IntentState.UNKNOWN);
    assertThat(column(lost, "reason", String.class)).isEqualTo("its process lost track of it");
    assertThat(log.due(SOURCE, 10)).extracting(Intent::id).containsExactly(lost);
    assertThat(state(settledMeanwhile)).isEqualTo(IntentState.REJECTED);
    assertThat(state(another)).isEqualTo(IntentState.PENDING);
  }

  @Test
  void settle_rejection_letsTheTableBeLookedAtSoon() {
    SourceTable orders = Samples.discover(tables, SOURCE, ORDERS);
    SourceTable other = Samples.discover(tables, SOURCE, "other");
    checked(orders);
    checked(other);

    settled(REJECTED);

    clock.step(Duration.ofMillis(1999));
    assertThat(checks.due(SOURCE, 10)).isEmpty();
    clock.step(Duration.ofMillis(1));
    assertThat(checks.due(SOURCE, 10)).extracting(SourceTable::id).containsExactly(orders.id());
  }

  @Test
  void settle_rejectionOfATableThatIsDueSooner_doesNotPutItOff() {
    SourceTable orders = Samples.discover(tables, SOURCE, ORDERS);

    settled(REJECTED);

    assertThat(checks.due(SOURCE, 10)).extracting(SourceTable::id).containsExactly(orders.id());
  }

  @Test
  void settle_commit_doesNotChangeTheTablesNextCheck() {
    SourceTable orders = Samples.discover(tables, SOURCE, ORDERS);
    checked(orders);

    settled(COMMITTED);

    clock.step(Duration.ofMinutes(14));
    assertThat(checks.due(SOURCE, 10)).isEmpty();
  }

  @Test
  void open_bodyOfText_isReadBack() {
    byte[] body = "{\"updates\":[\"ü\"]}".getBytes(StandardCharsets.UTF_8);
    NewIntent intent =
        new NewIntent(
            SOURCE, "", IntentKind.UPDATE_TABLE, List.of(ORDERS), body, "r", Optional.empty());

    log.settle(log.open(intent), UNKNOWN);

    assertThat(log.due(SOURCE, 1).get(0).body()).isEqualTo(body);
  }
}
