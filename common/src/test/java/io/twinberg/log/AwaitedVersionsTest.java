package io.twinberg.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.testing.DatabaseContract;
import io.twinberg.testing.Samples;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose answers the log still waits for. */
class AwaitedVersionsTest extends DatabaseContract {
  private static final TableIdentifier ORDERS = Samples.name("orders");

  private IntentLog log;
  private AwaitedVersions awaited;

  @BeforeEach
  void open() {
    log = new IntentLog(database, clock, "this one");
    awaited = new AwaitedVersions(database);
  }

  private long open(IntentKind kind) {
    return log.open(
        new NewIntent(SOURCE, "", kind, List.of(ORDERS), new byte[0], "r", Optional.empty()));
  }

  private void answer(long id) {
    CommittedTable table =
        new CommittedTable(ORDERS, "s3://lake/1.json", KeptJson.of(Samples.metadata(1)));
    log.settle(id, new Outcome.Committed(200, Optional.of(table)));
  }

  private boolean awaited() {
    return awaited.any(SOURCE, ORDERS, OptionalLong.empty());
  }

  @Test
  void commit_fromItsBeginningUntilItsAnswerIsExplained_isAwaited() {
    assertThat(awaited()).isFalse();
    long id = open(IntentKind.UPDATE_TABLE);
    assertThat(awaited()).isTrue();
    answer(id);
    assertThat(awaited()).isTrue();
    log.logged(id);
    assertThat(awaited()).isFalse();
  }

  @Test
  void commit_thatTellsOfNoVersion_isNotAwaited() {
    log.settle(open(IntentKind.UPDATE_TABLE), new Outcome.Rejected(409));
    log.settle(open(IntentKind.UPDATE_TABLE), new Outcome.Unknown(Optional.empty(), "no answer"));
    log.settle(open(IntentKind.UPDATE_TABLE), new Outcome.Committed(200, Optional.empty()));
    open(IntentKind.TRANSACTION);
    open(IntentKind.DROP_TABLE);

    assertThat(awaited()).isFalse();
  }

  @Test
  void commit_ofAnotherTableOrOpenedLater_isNotAwaited() {
    long id = open(IntentKind.UPDATE_TABLE);

    assertThat(awaited.any(SOURCE, Samples.name("items"), OptionalLong.empty())).isFalse();
    assertThat(awaited.any("other", ORDERS, OptionalLong.empty())).isFalse();
    assertThat(awaited.any(SOURCE, ORDERS, OptionalLong.of(id))).isFalse();
    assertThat(awaited.any(SOURCE, ORDERS, OptionalLong.of(id + 1))).isTrue();
  }

  @Test
  void commits_thatNoVersionIsKnownOf_areListedUntilTheyAreExplained() {
    long underWay = open(IntentKind.UPDATE_TABLE);
    long answered = open(IntentKind.CREATE_TABLE);
    answer(answered);
    long unknown = open(IntentKind.TRANSACTION);
    log.settle(unknown, new Outcome.Unknown(Optional.empty(), "no answer"));
    log.settle(open(IntentKind.UPDATE_TABLE), new Outcome.Rejected(409));
    open(IntentKind.DROP_TABLE);

    List<Intent> commits = awaited.commits(SOURCE, ORDERS);
    assertThat(commits).extracting(Intent::id).containsExactly(underWay, answered, unknown);
    assertThat(commits.get(1).committed()).isPresent();
    log.logged(answered);
    assertThat(awaited.commits(SOURCE, ORDERS))
        .extracting(Intent::id)
        .containsExactly(underWay, unknown);
    assertThat(awaited.commits(SOURCE, Samples.name("items"))).isEmpty();
    assertThat(awaited.commits("other", ORDERS)).isEmpty();
  }
}
