package io.twinberg.command;

import static io.twinberg.command.UpstreamFaultsTest.Told.COMMITTED;
import static io.twinberg.command.UpstreamFaultsTest.Told.UNKNOWN;
import static io.twinberg.testing.UpstreamFault.after;
import static io.twinberg.testing.UpstreamFault.before;
import static io.twinberg.testing.UpstreamFault.later;
import static io.twinberg.testing.UpstreamFault.twice;
import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.JumpingClock;
import io.twinberg.testing.UpstreamExchange;
import io.twinberg.testing.UpstreamFault;
import io.twinberg.testing.UpstreamFault.Delivery;
import io.twinberg.testing.UpstreamFault.Reply;
import io.twinberg.testing.UpstreamRule;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CleanableFailure;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault on the wire to a real catalog: what the client is told, what becomes of the intent,
 * and that log and replica have what the catalog has. All commits are made first, each to a table
 * of its own, since some of them wait.
 */
@Timeout(240)
@TestInstance(Lifecycle.PER_CLASS)
class UpstreamFaultsTest {
  /** Longer than a slow machine takes for all commits; then it is over at once. */
  private static final Duration SETTLE = Duration.ofMinutes(15);

  /** What Iceberg's client makes of it. */
  enum Told {
    COMMITTED,
    FAILED,
    UNKNOWN
  }

  /**
   * What a fault has to lead to.
   *
   * @param status what a client is answered whose commit meets it
   * @param intent where the intent ends
   * @param committed whether the catalog has the commit in the end
   * @param told what Iceberg's client, which asks the catalog where it is in doubt, says
   */
  record Row(UpstreamFault fault, int status, String intent, boolean committed, Told told) {
    String raw() {
      return "raw_" + fault.toString().replace(' ', '_').toLowerCase(Locale.ROOT);
    }

    String client() {
      return raw().replace("raw", "client");
    }
  }

  private static Row row(
      UpstreamFault fault, int status, String intent, boolean committed, Told told) {
    return new Row(fault, status, intent, committed, told);
  }

  static final List<Row> ROWS =
      List.of(
          row(before(Reply.STATUS_500), 500, "ABANDONED", false, UNKNOWN),
          row(before(Reply.STATUS_502), 502, "ABANDONED", false, UNKNOWN),
          row(before(Reply.STATUS_503), 503, "ABANDONED", false, UNKNOWN),
          row(before(Reply.RETRY_AFTER), 503, "ABANDONED", false, COMMITTED),
          row(before(Reply.STATUS_504), 504, "ABANDONED", false, UNKNOWN),
          row(before(Reply.RESET), 502, "ABANDONED", false, UNKNOWN),
          row(before(Reply.GARBAGE), 502, "ABANDONED", false, UNKNOWN),
          row(before(Reply.HANG), 504, "ABANDONED", false, UNKNOWN),
          row(after(Reply.STATUS_500), 500, "LOGGED", true, COMMITTED),
          row(after(Reply.STATUS_502), 502, "LOGGED", true, COMMITTED),
          row(after(Reply.STATUS_503), 503, "LOGGED", true, COMMITTED),
          row(after(Reply.RETRY_AFTER), 503, "LOGGED", true, COMMITTED),
          row(after(Reply.STATUS_504), 504, "LOGGED", true, COMMITTED),
          row(after(Reply.RESET), 502, "LOGGED", true, COMMITTED),
          row(after(Reply.GARBAGE), 502, "LOGGED", true, COMMITTED),
          row(after(Reply.HANG), 504, "LOGGED", true, COMMITTED),
          row(after(Reply.TRUNCATED), 502, "LOGGED", true, COMMITTED),
          row(after(Reply.UNREADABLE), 200, "LOGGED", true, UNKNOWN),
          row(after(Reply.SLOW), 200, "LOGGED", true, COMMITTED),
          row(after(Reply.CONFLICT), 409, "REJECTED", true, COMMITTED),
          row(twice(Reply.ITS_OWN), 409, "REJECTED", true, COMMITTED),
          row(later(Reply.STATUS_500), 500, "LOGGED", true, UNKNOWN),
          row(later(Reply.STATUS_502), 502, "LOGGED", true, UNKNOWN),
          row(later(Reply.STATUS_503), 503, "LOGGED", true, UNKNOWN),
          row(later(Reply.RETRY_AFTER), 503, "LOGGED", true, COMMITTED),
          row(later(Reply.STATUS_504), 504, "LOGGED", true, UNKNOWN),
          row(later(Reply.RESET), 502, "LOGGED", true, UNKNOWN),
          row(later(Reply.GARBAGE), 502, "LOGGED", true, UNKNOWN),
          row(later(Reply.HANG), 504, "LOGGED", true, UNKNOWN));

  /** What one commit came to. */
  private record Done(RawCommit commit, HttpResponse<String> answer) {}

  private final Map<Row, Future<Done>> done = new HashMap<>();
  private final Map<Row, Future<Told>> told = new HashMap<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final JumpingClock clock = new JumpingClock();
  private UpstreamWorld world;
  private SourceTruth truth;

  @BeforeAll
  void commitUnderEachFault(@TempDir Path folder) throws Exception {
    world =
        new UpstreamWorld(folder, 1)
            .clock(clock)
            .settle(SETTLE)
            .forwardTimeout(Duration.ofSeconds(15));
    truth = new SourceTruth(world);
    for (Row row : ROWS) {
      for (String name : List.of(row.raw(), row.client())) {
        world.create(name);
        world
            .upstream()
            .plan()
            .add(UpstreamRule.of(row.fault).on("POST", "/" + name + "$").times(1));
      }
    }
    world.start();
    for (Row row : ROWS) {
      done.put(row, threads.submit(() -> commitRaw(row)));
      told.put(row, threads.submit(() -> commitAsClient(row)));
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(5, TimeUnit.MINUTES)).isTrue();
    // What has not landed by now never will.
    clock.jump(SETTLE.multipliedBy(2));
  }

  @AfterAll
  void close() {
    world.close();
  }

  private Done commitRaw(Row row) {
    TableIdentifier name = UpstreamWorld.id(row.raw());
    RawCommit commit = RawCommit.append(name, world.catalog().loadTable(name));
    Done one = new Done(commit, commit.send(world.port()));
    if (row.fault().delivery() == Delivery.LATER) {
      // Not there when the reconciler looks for it first, which must not give it up.
      SourceTruth.eventually(
          () -> assertThat(world.log().checks(commit.requestId())).first().isNotEqualTo("0"));
    }
    world.upstream().deliverHeld(row.raw());
    return one;
  }

  /** As an engine does, which cleans up where Iceberg says that it may. */
  private Told commitAsClient(Row row) {
    Table table = world.client().loadTable(UpstreamWorld.id(row.client()));
    DataFile file = RawCommit.file(table);
    try {
      table.newAppend().appendFile(file).commit();
      return COMMITTED;
    } catch (RuntimeException e) {
      if (e instanceof CleanableFailure) {
        table.io().deleteFile(file.location());
        return Told.FAILED;
      }
      return UNKNOWN;
    } finally {
      world.upstream().deliverHeld(row.client());
    }
  }

  static List<Row> rows() {
    return ROWS;
  }

  @Test
  void rows_areAllFaults() {
    assertThat(ROWS)
        .extracting(Row::fault)
        .containsExactlyInAnyOrderElementsOf(UpstreamFault.all());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void commit_metFault_clientIsToldNoLieAndTheLogHasWhatTheCatalogHas(Row row) throws Exception {
    Done one = done.get(row).get();
    assertThat(one.answer().statusCode()).as(one.answer().body()).isEqualTo(row.status());
    assertHonest(row, one.answer());

    List<UpstreamExchange> forwarded = world.upstream().exchanges("POST", "/" + row.raw());
    assertThat(forwarded).as("sent once").hasSize(1);
    assertThat(forwarded.get(0).done()).as(forwarded.toString()).isEqualTo(row.committed());

    SourceTruth.eventually(
        () ->
            assertThat(world.log().intents(one.commit().requestId()))
                .containsExactly(row.intent()));
    List<Long> snapshots = row.committed() ? List.of(one.commit().snapshot()) : List.of();
    assertThat(truth.snapshots(one.commit().table())).isEqualTo(snapshots);
    truth.assertCaptured(one.commit().table());
    assertThat(world.log().snapshots(one.commit().table())).isEqualTo(snapshots);
  }

  /** Only the catalog's side may say that a commit failed, or ask for it again. */
  private static void assertHonest(Row row, HttpResponse<String> answer) {
    assertThat(answer.headers().firstValue("Retry-After").isPresent())
        .isEqualTo(row.fault().reply() == Reply.RETRY_AFTER);
    boolean broken =
        List.of(Reply.RESET, Reply.GARBAGE, Reply.HANG, Reply.TRUNCATED)
            .contains(row.fault().reply());
    if (broken) {
      assertThat(answer.body()).contains("\"type\":\"CommitStateUnknownException\"");
    } else if (row.status() >= 500) {
      assertThat(answer.body()).doesNotContain("CommitFailedException");
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void icebergClient_metFault_saysTheTruthAndTheTableStaysReadable(Row row) throws Exception {
    TableIdentifier name = UpstreamWorld.id(row.client());
    assertThat(told.get(row).get()).isEqualTo(row.told());
    boolean landed = row.told() == COMMITTED || row.fault().delivery() != Delivery.NEVER;
    assertThat(truth.snapshots(name)).hasSize(landed ? 1 : 0);
    truth.assertCaptured(name);
  }
}
