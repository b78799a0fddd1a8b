package io.twinberg.replicator.operation;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.SourceTable;
import io.twinberg.log.Sources;
import io.twinberg.log.TableCheck;
import io.twinberg.log.TableChecks;
import io.twinberg.operation.Claim;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.OperationState;
import io.twinberg.operation.Outcome;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.DatabaseContract;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A refresh of a source that nobody looks at any more, or only in part. */
class RefreshWorkTest extends DatabaseContract {
  private static final ReplicaTarget ALL_OF_IT =
      new ReplicaTarget(Optional.of(SOURCE), Optional.empty(), Optional.empty());

  private final List<String> rung = new CopyOnWriteArrayList<>();
  private SourceTable orders;

  @BeforeEach
  void createReplicas() {
    ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
    orders = world.table(SOURCE, TableIdentifier.of("sales", "orders"));
    world.replica(orders, "eu");
    world.replica(world.table(SOURCE, TableIdentifier.of("sales", "returns")), "eu");
    clock.step(Duration.ofMinutes(1));
  }

  private Outcome refreshed(Consumer<String> reconcilers) throws InterruptedException {
    OperationRequest.Refresh refresh = new OperationRequest.Refresh(ALL_OF_IT);
    OperationLog log = new OperationLog(database, clock);
    log.request(refresh, "ops");
    Claim claim = log.claim("p", Duration.ofMinutes(1)).orElseThrow();
    RefreshWork work =
        new RefreshWork(
            new Sources(database),
            tables,
            new TableChecks(database, clock),
            reconcilers,
            Duration.ofSeconds(1),
            clock);
    return work.run(refresh, new RunningOperation(claim, new Wake()));
  }

  @Test
  void refresh_nobodyLooks_failsWhenItsPatienceIsOver() throws Exception {
    Outcome outcome = refreshed(rung::add);

    assertThat(outcome.state()).isEqualTo(OperationState.FAILED);
    assertThat(outcome.summary())
        .isEqualTo(
            "source prod has shown nothing more for 1 s, 0 of 2 tables with replicas seen; the log says why");
    assertThat(rung).containsExactly(SOURCE);
  }

  @Test
  void refresh_oneTableIsNotSeen_failsAndSaysHowFarItCame() throws Exception {
    Outcome outcome =
        refreshed(
            source -> {
              Sources sources = new Sources(database);
              sources.listed(source, sources.listingAsked(source).orElseThrow());
              new TableChecks(database, clock)
                  .checked(
                      List.of(
                          new TableCheck(
                              orders.id(), 1, clock.instant(), false, Duration.ofMinutes(1))));
            });

    assertThat(outcome.state()).isEqualTo(OperationState.FAILED);
    assertThat(outcome.summary()).contains("1 of 2 tables with replicas seen");
  }
}
