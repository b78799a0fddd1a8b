package io.twinberg.command;

import static io.twinberg.command.SourceTruth.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.FullDisk;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What can happen to the log while clients commit, through a whole server. */
class LogHazardsTest extends UpstreamSuite {
  private static final int UNLOGGED = 3;

  @Test
  void log_cannotBeWritten_forward_writersGoOnAndTheLogIsCompleteAfterwards() {
    world.start();
    truth.awaitReplica(ORDERS);
    world.log().execute("alter table intent rename to hidden");
    RawCommit commit = RawCommit.append(ORDERS, orders);
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    world.log().execute("alter table hidden rename to intent");

    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
    assertThat(world.log().intents(commit.requestId())).isEmpty();
  }

  @Test
  void log_cannotBeWritten_reject_nothingReachesTheCatalog() {
    world.rejectOnLogFailure().start();
    world.log().execute("alter table intent rename to hidden");
    RawCommit commit = RawCommit.append(ORDERS, orders);

    HttpResponse<String> answer = commit.send(world.port());

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(world.upstream().exchanges("POST", "orders")).isEmpty();
    world.log().execute("alter table hidden rename to intent");
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    truth.assertCaptured(ORDERS);
  }

  @ParameterizedTest
  @EnumSource(DatabaseKind.class)
  void log_cannotBeWritten_sourceNamesNoEarlierFiles_nothingReachesTheCatalog(DatabaseKind kind) {
    world.forgetful().onLogFailureLeftOut();
    if (kind == DatabaseKind.POSTGRES) {
      world.onPostgres();
    }
    world.start();
    RawCommit.append(ORDERS, orders).send(world.port());
    RawCommit.append(ORDERS, orders).send(world.port());
    truth.awaitReplica(ORDERS);
    eventually(() -> assertThat(keepsMetadataLog()).containsExactly("false"));
    world.stop();
    world.start();
    int before = world.upstream().exchanges("POST", "orders").size();
    world.log().execute("alter table intent rename to hidden");
    RawCommit commit = RawCommit.append(ORDERS, orders);

    HttpResponse<String> answer = commit.send(world.port());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    assertThat(world.upstream().exchanges("POST", "orders")).hasSize(before);
    world.log().execute("alter table hidden rename to intent");
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
  }

  @Test
  void log_cannotBeWritten_sourceNamesEarlierFiles_writersGoOn() {
    world.onLogFailureLeftOut().start();
    truth.awaitReplica(ORDERS);
    RawCommit.append(ORDERS, orders).send(world.port());
    eventually(() -> assertThat(keepsMetadataLog()).containsExactly("true"));
    world.stop();
    world.start();
    world.log().execute("alter table intent rename to hidden");
    assertThat(RawCommit.append(ORDERS, orders).send(world.port()).statusCode()).isEqualTo(200);
    world.log().execute("alter table hidden rename to intent");
    truth.assertCaptured(ORDERS);
  }

  private List<String> keepsMetadataLog() {
    return world.log().strings("select lower(cast(keeps_metadata_log as varchar)) from source");
  }

  @Test
  void disk_isFull_forward_writersGoOnAndTheLogIsCompleteAfterwards() {
    try (FullDisk disk = FullDisk.under(folder.resolve("data"))) {
      world.start();
      truth.awaitReplica(ORDERS);
      disk.fill();
      List<RawCommit> commits = new ArrayList<>();
      int unlogged = 0;
      while (unlogged < UNLOGGED) {
        RawCommit commit = RawCommit.append(ORDERS, orders);
        commits.add(commit);
        assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
        unlogged += isUnlogged(commit) ? 1 : 0;
      }
      disk.makeRoom();

      awaitLog();
      truth.assertCaptured(ORDERS);
      assertThat(world.log().snapshots(ORDERS))
          .containsExactlyElementsOf(commits.stream().map(RawCommit::snapshot).toList());
      assertThat(commits)
          .as("commits without an intent")
          .anyMatch(one -> world.log().intents(one.requestId()).isEmpty());
    }
  }

  /** While the file is closed, none can be written. */
  private boolean isUnlogged(RawCommit commit) {
    try {
      return world.log().intents(commit.requestId()).isEmpty();
    } catch (JdbiException e) {
      return true;
    }
  }

  @Test
  void disk_isFull_reject_nothingReachesTheCatalogUntilThereIsRoom() {
    try (FullDisk disk = FullDisk.under(folder.resolve("data"))) {
      world.rejectOnLogFailure().start();
      truth.awaitReplica(ORDERS);
      disk.fill();
      RawCommit commit = RawCommit.append(ORDERS, orders);
      HttpResponse<String> answer = commit.send(world.port());
      int accepted = 0;
      while (answer.statusCode() == 200) {
        accepted++;
        commit = RawCommit.append(ORDERS, orders);
        answer = commit.send(world.port());
      }
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(world.upstream().exchanges("POST", "orders")).hasSize(accepted);
      disk.makeRoom();

      awaitLog();
      assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
      truth.assertCaptured(ORDERS);
    }
  }

  /** The server has opened its file again once it can be written. */
  private void awaitLog() {
    await()
        .ignoreExceptions()
        .until(
            () -> {
              world.log().execute("update lease set owner = owner");
              return true;
            });
  }

  /** The bucket is ahead of what the database then knows. */
  @Test
  void database_restoredFromABackup_logIsCompletedFromTheChain() throws IOException {
    world.start();
    RawCommit before = RawCommit.append(ORDERS, orders);
    before.send(world.port());
    truth.assertCaptured(ORDERS);
    world.stop();
    Path file = folder.resolve("data/twinberg.mv.db");
    byte[] backup = Files.readAllBytes(file);
    world.start();
    RawCommit lost = RawCommit.append(ORDERS, orders);
    lost.send(world.port());
    RawCommit lostToo = RawCommit.append(ORDERS, orders);
    lostToo.send(world.port());
    truth.assertCaptured(ORDERS);
    world.stop();

    Files.write(file, backup);
    world.start();
    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS))
        .isEqualTo(List.of(before.snapshot(), lost.snapshot(), lostToo.snapshot()));
    RawCommit next = RawCommit.append(ORDERS, orders);
    assertThat(next.send(world.port()).statusCode()).isEqualTo(200);
    truth.assertCaptured(ORDERS);
  }

  /** As by a backup or a migration by hand; a server that hangs is no different to who waits. */
  @Test
  void log_isLocked_forward_writersGoOnAfterAWhileAndTheLogIsCompleteAfterwards() {
    world.onPostgres().start();
    truth.awaitReplica(ORDERS);
    RawCommit commit = RawCommit.append(ORDERS, orders);
    try (CapturedLog.Locked lock = world.log().lock("intent")) {
      assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    }
    truth.assertCaptured(ORDERS);
    assertThat(world.log().snapshots(ORDERS)).containsExactly(commit.snapshot());
    assertThat(world.log().intents(commit.requestId())).isEmpty();
  }

  @Test
  void log_isLocked_reject_nothingReachesTheCatalog() {
    world.rejectOnLogFailure().onPostgres().start();
    truth.awaitReplica(ORDERS);
    RawCommit commit = RawCommit.append(ORDERS, orders);
    try (CapturedLog.Locked lock = world.log().lock("intent")) {
      HttpResponse<String> answer = commit.send(world.port());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
      assertThat(world.upstream().exchanges("POST", "orders")).isEmpty();
    }
    eventually(() -> assertThat(commit.send(world.port()).statusCode()).isEqualTo(200));
    truth.assertCaptured(ORDERS);
  }

  /**
   * Nobody has its number, and it must not be waited for: what a source without a chain shows is
   * taken only when no call is under way that will tell of versions between.
   */
  @Test
  void intent_durableAlthoughItsWritingFailed_holdsUpNoCommitPastTheProxy() {
    world.forgetful().onPostgres().start();
    truth.awaitReplica(ORDERS);
    RawCommit commit = RawCommit.append(ORDERS, orders);
    world.log().loseAnswer(commit.requestId());
    assertThat(commit.send(world.port()).statusCode()).isEqualTo(200);
    assertThat(world.log().intents(commit.requestId())).containsExactly("PENDING");
    for (int i = 0; i < 2; i++) {
      orders.refresh();
      orders.newFastAppend().appendFile(RawCommit.file(orders)).commit();
    }

    truth.awaitReplica(ORDERS);
    assertThat(world.log().intents(commit.requestId())).containsExactly("UNKNOWN");
    assertThat(world.log().strings("select reason from gap")).hasSize(1);
  }
}
