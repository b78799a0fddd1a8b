package io.twinberg.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditKind;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.AuditOutcome;
import io.twinberg.audit.AuditScope;
import io.twinberg.log.SourceTable;
import io.twinberg.replica.NewReplica;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.DatabaseContract;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OperationLogTest extends DatabaseContract {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final TableIdentifier ODD =
      TableIdentifier.of(Namespace.of("a.b", "ü \"x\""), "t'1");
  private static final OperationRequest VERIFY =
      new OperationRequest.Verify(
          new ReplicaTarget(Optional.of(SOURCE), Optional.of("eu"), Optional.of(ODD)),
          RowScope.ALL);
  private static final OperationRequest RETRY = new OperationRequest.Retry(ReplicaTarget.ALL);

  private OperationLog log;

  @BeforeEach
  void open() {
    log = new OperationLog(database, clock);
  }

  @Test
  void request_isKeptAsItWasMade() {
    Operation made = log.request(VERIFY, "ops");

    assertThat(log.find(made.id())).contains(made);
    assertThat(made.request()).isEqualTo(VERIFY);
    assertThat(made.state()).isEqualTo(OperationState.REQUESTED);
    assertThat(made.requestedBy()).isEqualTo("ops");
    assertThat(made.requestedAt()).isEqualTo(clock.instant());
    assertThat(made.startedAt()).isEmpty();
    assertThat(made.result()).isEmpty();
    assertThat(log.find("another")).isEmpty();
  }

  private List<AuditEvent> audited() {
    return new AuditLog(database, clock)
        .oldest(AuditFilter.ALL, Optional.empty(), 100).stream().map(AuditEntry::event).toList();
  }

  @Test
  void operation_askedAndEnded_isInTheAuditBothTimes() {
    Operation made = log.request(VERIFY, "ops");
    Claim lost = log.claim("a", Duration.ofMillis(1)).orElseThrow();
    Claim claim =
        Awaitility.await().until(() -> log.claim("b", LONG), Optional::isPresent).orElseThrow();
    assertThat(log.finish(lost, Outcome.failed("too late"))).isFalse();
    assertThat(log.finish(claim, Outcome.failed("no network"))).isTrue();
    assertThat(log.finish(claim, Outcome.failed("again"))).isFalse();

    assertThat(audited()).extracting(AuditEvent::action).containsExactly("requested", "ended");
    assertThat(audited()).allMatch(event -> event.kind() == AuditKind.OPERATION);
    assertThat(audited()).allMatch(event -> event.actor().equals(Optional.of("ops")));
    assertThat(audited())
        .extracting(AuditEvent::scope)
        .containsOnly(AuditScope.of(Optional.of(SOURCE), Optional.of(ODD), Optional.of("eu")));
    assertThat(audited())
        .extracting(AuditEvent::outcome)
        .containsExactly(AuditOutcome.DONE, AuditOutcome.FAILED);
    assertThat(audited().get(0).subject()).startsWith("verify of table ");
    assertThat(audited().get(1).details())
        .hasToString("{\"operationId\":\"" + made.id() + "\",\"summary\":\"no network\"}");
  }

  @Test
  void operation_cancelledWhileItWaits_hasItsEndInTheAuditOnce() {
    Operation made = log.request(VERIFY, "ops");
    log.cancel(made.id(), "boss");
    log.cancel(made.id(), "late");

    assertThat(audited()).extracting(AuditEvent::action).containsExactly("requested", "ended");
    AuditEvent ended = audited().get(1);
    assertThat(ended.outcome()).isEqualTo(AuditOutcome.FAILED);
    assertThat(ended.actor()).contains("ops");
    assertThat(ended.scope())
        .isEqualTo(AuditScope.of(Optional.of(SOURCE), Optional.of(ODD), Optional.of("eu")));
    assertThat(ended.details())
        .hasToString("{\"operationId\":\"" + made.id() + "\",\"summary\":\"cancelled by boss\"}");
  }

  @Test
  void operation_cancelledWhileItRuns_endsWhenItsOwnerSaysSo() {
    Operation made = log.request(VERIFY, "ops");
    Claim claim = log.claim("a", LONG).orElseThrow();
    log.cancel(made.id(), "boss");
    assertThat(audited()).extracting(AuditEvent::action).containsExactly("requested");

    assertThat(log.finish(claim, Outcome.cancelled("boss"))).isTrue();
    assertThat(audited()).extracting(AuditEvent::action).containsExactly("requested", "ended");
  }

  @Test
  void claim_oldestFirst_eachOnce() {
    Operation first = log.request(VERIFY, "ops");
    clock.step(Duration.ofSeconds(1));
    Operation second = log.request(RETRY, "ops");

    assertThat(log.claim("a", LONG).orElseThrow().operation().id()).isEqualTo(first.id());
    Claim claim = log.claim("b", LONG).orElseThrow();
    assertThat(claim.operation().id()).isEqualTo(second.id());
    assertThat(claim.operation().state()).isEqualTo(OperationState.RUNNING);
    assertThat(claim.operation().request()).isEqualTo(RETRY);
    assertThat(claim.operation().startedAt()).contains(clock.instant());
    assertThat(log.claim("a", LONG)).isEmpty();
  }

  @Test
  void claim_byManyAtOnce_oneGetsIt() throws Exception {
    log.request(VERIFY, "ops");
    ExecutorService threads = Executors.newFixedThreadPool(6);
    List<Callable<Optional<Claim>>> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      String owner = "p" + i;
      calls.add(() -> log.claim(owner, LONG));
    }
    int claimed = 0;
    for (Future<Optional<Claim>> answer : threads.invokeAll(calls)) {
      claimed += answer.get().isPresent() ? 1 : 0;
    }
    threads.shutdown();
    assertThat(claimed).isEqualTo(1);
  }

  @Test
  void claim_ofADeadOwner_isTakenOverAndTheDeadOneIsFencedOff() {
    Operation operation = log.request(VERIFY, "ops");
    Claim dead = log.claim("a", Duration.ofMillis(-1)).orElseThrow();

    Claim living = log.claim("b", LONG).orElseThrow();

    assertThat(living.operation().id()).isEqualTo(operation.id());
    assertThat(living.operation().attempts()).isEqualTo(2);
    assertThat(log.renew(dead, LONG, "far")).isFalse();
    assertThat(log.finish(dead, Outcome.completed("all well", "{}"))).isFalse();
    log.release(dead);
    assertThat(log.find(operation.id()).orElseThrow().state()).isEqualTo(OperationState.RUNNING);
    assertThat(log.renew(living, LONG, "half-way")).isTrue();
    assertThat(log.find(operation.id()).orElseThrow().progress()).contains("half-way");
    assertThat(log.finish(living, Outcome.completed("two", "{\"ok\":true}"))).isTrue();
  }

  @Test
  void finish_withViolations_countsThemOnceByDestination() {
    ViolationCounts counts = new ViolationCounts(database);
    for (int i = 0; i < 2; i++) {
      log.request(VERIFY, "ops");
      Claim dead = log.claim("a", Duration.ofMillis(-1)).orElseThrow();
      Claim living = log.claim("b", LONG).orElseThrow();
      Outcome found = Outcome.verified("bad", "{}", Map.of("eu", 3L, "us", 1L));
      assertThat(log.finish(dead, found)).isFalse();
      assertThat(log.finish(living, found)).isTrue();
      assertThat(log.finish(living, found)).isFalse();
    }

    assertThat(counts.byDestination()).isEqualTo(Map.of("eu", 6L, "us", 2L));
  }

  @Test
  void finish_isTheEnd() {
    Operation operation = log.request(VERIFY, "ops");
    Claim claim = log.claim("a", LONG).orElseThrow();
    clock.step(Duration.ofMinutes(1));

    assertThat(log.finish(claim, Outcome.failed("it broke"))).isTrue();

    Operation ended = log.find(operation.id()).orElseThrow();
    assertThat(ended.state()).isEqualTo(OperationState.FAILED);
    assertThat(ended.summary()).contains("it broke");
    assertThat(ended.finishedAt()).contains(clock.instant());
    assertThat(log.finish(claim, Outcome.completed("no, well", "{}"))).isFalse();
    assertThat(log.renew(claim, LONG, "again")).isFalse();
    log.release(claim);
    assertThat(log.find(operation.id())).contains(ended);
    assertThat(log.claim("b", Duration.ofMillis(-1))).isEmpty();
  }

  @Test
  void release_letsAnotherRunIt() {
    log.request(VERIFY, "ops");
    log.release(log.claim("a", LONG).orElseThrow());
    assertThat(log.claim("b", LONG)).isPresent();
  }

  @Test
  void claimable_isWhatWaitsOrWhoseClaimHasRunOut() {
    assertThat(log.claimable()).isEmpty();
    log.request(VERIFY, "ops");
    log.request(RETRY, "ops");
    assertThat(log.claimable())
        .containsExactlyInAnyOrder(OperationKind.VERIFY, OperationKind.RETRY);

    Claim held = log.claim("a", LONG, List.of(OperationKind.VERIFY)).orElseThrow();
    Claim lost =
        log.claim("dead", Duration.ofMillis(-1), List.of(OperationKind.RETRY)).orElseThrow();
    assertThat(log.claimable()).containsExactly(OperationKind.RETRY);

    log.finish(lost, Outcome.failed("no network"));
    log.putOff(held, LONG, "not yet");
    assertThat(log.claimable()).isEmpty();
  }

  @Test
  void newest_pagesThroughAll() {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(0, log.request(RETRY, "ops").id());
      clock.step(Duration.ofSeconds(i % 2));
    }
    List<String> seen = new ArrayList<>();
    Optional<String> before = Optional.empty();
    List<Operation> page = log.newest(before, 2);
    while (!page.isEmpty()) {
      page.forEach(one -> seen.add(one.id()));
      page = log.newest(Optional.of(seen.get(seen.size() - 1)), 2);
    }
    assertThat(seen).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(log.newest(Optional.empty(), 1))
        .extracting(Operation::id)
        .containsExactly(seen.get(0));
  }

  @Test
  void request_whenTooManyWait_isRefused() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into operation (id, kind, state, target, options, requested_by, requested_at)
                    select cast(n as varchar(36)), 'RETRY', 'REQUESTED', '{}', '{}', 'ops', current_timestamp
                    from (select row_number() over () as n from information_schema.columns a
                          cross join information_schema.columns b limit 1000) numbers
                    """));
    assertThat(rows("operation")).isEqualTo(1000);

    assertThatExceptionOfType(TooManyOperationsException.class)
        .isThrownBy(() -> log.request(RETRY, "ops"));
    assertThat(rows("operation")).isEqualTo(1000);
  }

  @Test
  void targets_byEverySelection_areFound() {
    Replicas replicas = new Replicas(database, clock);
    SourceTable table = tables.discover(SOURCE, "", ODD, "u-1", "s3://lake/t", false);
    TableIdentifier other = TableIdentifier.of("x", "y");
    SourceTable plain = tables.discover(SOURCE, "", other, "u-2", "s3://lake/y", false);
    for (String destination : List.of("eu", "us")) {
      replicas.create(replica("odd-" + destination, table, destination, ODD));
      replicas.create(
          replica("plain-" + destination, plain, destination, TableIdentifier.of("moved", "y")));
    }
    TargetedReplicas targeted = new TargetedReplicas(database);

    assertThat(targeted.ids(ReplicaTarget.ALL)).hasSize(4);
    assertThat(targeted.ids(VERIFY.target())).containsExactly("odd-eu");
    assertThat(targeted.ids(named(other))).containsExactly("plain-eu", "plain-us");
    assertThat(targeted.ids(named(TableIdentifier.of("moved", "y")))).hasSize(2);
    assertThat(targeted.ids(named(TableIdentifier.of("moved", "z")))).isEmpty();
  }

  private static ReplicaTarget named(TableIdentifier table) {
    return new ReplicaTarget(Optional.empty(), Optional.empty(), Optional.of(table));
  }

  private static NewReplica replica(
      String id, SourceTable table, String destination, TableIdentifier name) {
    return new NewReplica(
        id, table.id(), SOURCE, destination, name, "file:/replica/" + id, List.of());
  }

  @Test
  void putOff_isClaimedWhenItsTimeHasCome_asOftenAsItTakes() {
    Operation made = log.request(RETRY, "ops");
    for (int i = 0; i < 9; i++) {
      Claim claim = log.claim("a", LONG).orElseThrow();
      assertThat(claim.operation().attempts()).isEqualTo(1);
      log.putOff(claim, Duration.ofMillis(-1), "waiting");
      assertThat(log.renew(claim, LONG, "still here")).as("it is nobody's").isFalse();
    }
    assertThat(log.find(made.id()).orElseThrow().progress()).contains("waiting");
    Claim last = log.claim("a", LONG).orElseThrow();
    log.putOff(last, LONG, "waiting");
    assertThat(log.claim("b", LONG)).as("its time has not come").isEmpty();
    assertThat(log.find(made.id()).orElseThrow().state()).isEqualTo(OperationState.RUNNING);
  }

  /** Else what is hindered again and again, and asked for first, would always be the next. */
  @Test
  void putOff_goesBehindWhatWaitsAndBeforeWhatComesLater() {
    Operation hindered = log.request(RETRY, "ops");
    clock.step(Duration.ofSeconds(1));
    Operation waiting = log.request(RETRY, "ops");
    log.putOff(log.claim("a", LONG).orElseThrow(), Duration.ofMillis(-1), "hindered");
    clock.step(Duration.ofDays(36500));
    Operation later = log.request(RETRY, "ops");

    assertThat(claimedNext()).isEqualTo(waiting.id());
    assertThat(claimedNext()).isEqualTo(hindered.id());
    assertThat(claimedNext()).isEqualTo(later.id());
  }

  private String claimedNext() {
    return log.claim("a", LONG).orElseThrow().operation().id();
  }

  @Test
  void putOff_claimThatIsLost_changesNothing() {
    log.request(RETRY, "ops");
    Claim lost = log.claim("a", Duration.ofMillis(-1)).orElseThrow();
    Claim claim = log.claim("b", LONG).orElseThrow();
    log.putOff(lost, Duration.ofMillis(-1), "too late");
    assertThat(log.claim("c", LONG)).isEmpty();
    assertThat(log.renew(claim, LONG, "going on")).isTrue();
  }

  /** Thousands of drops may wait for their grace time, and nobody else is to be sent away. */
  @Test
  void putOff_takesNobodysPlace() {
    OperationRequest drop = new OperationRequest.Drop(VERIFY.target(), "r1", 7);
    for (int i = 0; i < 1000; i++) {
      log.request(drop, "ops");
    }
    assertThatExceptionOfType(TooManyOperationsException.class)
        .isThrownBy(() -> log.request(RETRY, "ops"));
    Claim claim = log.claim("a", LONG).orElseThrow();
    assertThat(claim.operation().request()).isEqualTo(drop);
    assertThatExceptionOfType(TooManyOperationsException.class)
        .isThrownBy(() -> log.request(RETRY, "ops"));
    log.putOff(claim, LONG, "waiting");
    assertThat(log.request(RETRY, "ops").state()).isEqualTo(OperationState.REQUESTED);
  }
}
