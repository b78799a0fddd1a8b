package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.operation.RowScope;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replicator.verify.Subject;
import io.twinberg.replicator.verify.VerifiedLake;
import io.twinberg.testing.Fault;
import io.twinberg.testing.FaultPlan;
import io.twinberg.testing.FaultRule;
import io.twinberg.testing.S3Requests.Kind;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever goes wrong on the wires to the stores, readers are shown whole versions only, and with
 * the faults over the replica becomes current by itself. {@code -Dseed=} draws other histories,
 * {@code -Dcommits=} longer ones.
 */
class FaultyStoreTest {
  private static final long SEED = Long.getLong("seed", 1);
  private static final int COMMITS = Integer.getInteger("commits", 5);

  /** Where faults are met. */
  private enum End {
    SOURCE(Kind.GET),
    DESTINATION(Kind.GET, Kind.PUT),
    /** The one service that has both ends, and copies. */
    COPYING_STORE(Kind.COPY, Kind.HEAD);

    private final Set<Kind> kinds;

    End(Kind first, Kind... rest) {
      this.kinds = EnumSet.of(first, rest);
    }

    boolean canMeet(Fault fault) {
      return kinds.stream().anyMatch(fault::canMeet);
    }

    FaultPlan plan(FaultyLake faulty) {
      return this == SOURCE ? faulty.source : faulty.destination;
    }
  }

  @TempDir private static Path folder;
  private static FaultyLake faulty;
  private static TestingLake lake;

  @BeforeAll
  static void open() {
    faulty = new FaultyLake(folder, SEED);
    lake = faulty.lake;
  }

  @AfterEach
  void heal() {
    faulty.heal();
  }

  @AfterAll
  static void close() {
    faulty.close();
  }

  static Stream<Arguments> faults() {
    return Stream.of(End.values())
        .flatMap(
            end ->
                Stream.of(Fault.values())
                    .filter(end::canMeet)
                    .map(fault -> Arguments.of(end, fault)));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void increment_meetsAFault_endsRightOrFailsWithTheFileAndRecovers(End end, Fault fault) {
    boolean stalls = fault == Fault.STALL || fault == Fault.STALL_IN_BODY;
    Table table = replicated(end + "_" + fault, end, stalls);
    lake.append(table, "b");
    FaultPlan plan = end.plan(faulty);
    int before = plan.met(fault);
    plan.add(FaultRule.of(fault).on(end.kinds));
    // A process that knows nothing yet: it reads what is published first.
    try (Replicator replicator = faulty.replicator()) {
      replicator.demand("main");
      TestingLake.await(() -> plan.met(fault) > before);
      lake.awaitReplica(
          TestingLake.name(table),
          replica -> replica.failure().isPresent() || isCurrent(replica, table));
      replica(table).failure().ifPresent(failure -> assertTells(failure, end, fault, table));
      ReplicaChecks.assertWhole(lake, lake.published(replica(table)));
      faulty.heal();
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(replica(table).failure()).isEmpty();
    assertThat(faulty.broken()).isEmpty();
  }

  /** A table whose replica is current. */
  private static Table replicated(String name, End end, boolean stalling) {
    Table table =
        lake.create(
            TableIdentifier.of("sales", name.toLowerCase(Locale.ROOT)),
            "2",
            RandomCommits.PROPERTIES);
    lake.append(table, "a");
    faulty.wires(end == End.COPYING_STORE, stalling);
    try (Replicator replicator = faulty.replicator()) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
    return table;
  }

  private static Replica replica(Table table) {
    return lake.replica(TestingLake.name(table));
  }

  private static boolean isCurrent(Replica replica, Table table) {
    TableMetadata shown = lake.published(replica);
    return shown.currentSnapshot().snapshotId() == table.currentSnapshot().snapshotId();
  }

  private static void assertTells(ReplicaFailure failure, End end, Fault fault, Table table) {
    assertThat(failure.code()).as(failure.message()).isIn(codes(end, fault));
    String file = failure.file().orElseThrow();
    assertThat(file).startsWith("s3://").contains(TestingLake.name(table).name());
    assertThat(failure.message()).contains(file);
  }

  private static Set<String> codes(End end, Fault fault) {
    String meaning =
        switch (fault) {
          case SLOW_DOWN -> "_THROTTLED";
          case NOT_FOUND -> end == End.COPYING_STORE ? "_UNAVAILABLE" : "_FILE_MISSING";
          case DUPLICATED -> "_NEVER";
          default -> "_UNAVAILABLE";
        };
    return end == End.COPYING_STORE
        ? Set.of("SOURCE" + meaning, "DESTINATION" + meaning)
        : Set.of(end + meaning);
  }

  @ParameterizedTest
  @EnumSource(
      value = End.class,
      names = {"DESTINATION", "COPYING_STORE"})
  void history_amongFaultsOfEveryKind_isShownWholeAndBecomesCurrent(End copier) {
    Table table = replicated("history_" + copier, copier, true);
    int versions = faulty.versions();
    long requests = requests();
    int met = met();
    FaultRule storm = FaultRule.of(Fault.values()).probability(0.08).inARow(1, 4);
    faulty.source.add(storm);
    faulty.destination.add(storm);
    RandomCommits commits = new RandomCommits(table, SEED);
    try (Replicator replicator = faulty.replicator()) {
      // Few requests may meet few faults: some more commits do.
      for (int i = 0; i < COMMITS || (met() - met <= COMMITS / 2 && i < 10 * COMMITS); i++) {
        commits.commit();
        replicator.demand("main");
        if (commits.pauses()) {
          lake.awaitCurrent(table);
        }
      }
      faulty.heal();
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    System.out.printf(
        "seed=%d copier=%s commits=%s versions=%d requests=%d faults=%d source=%s destination=%s%n",
        SEED,
        copier,
        commits,
        faulty.versions() - versions,
        requests() - requests,
        met() - met,
        faulty.source.met(),
        faulty.destination.met());
    assertThat(faulty.broken()).isEmpty();
    assertThat(VerifiedLake.verify(subject(table), RowScope.NONE).violations()).isEmpty();
    assertThat(faulty.versions() - versions).isGreaterThan(COMMITS / 4);
    assertThat(met() - met).isGreaterThan(COMMITS / 2);
  }

  private static Subject subject(Table table) {
    return VerifiedLake.subject(lake, TestingLake.name(table));
  }

  private static long requests() {
    return faulty.source.requests() + faulty.destination.requests();
  }

  private static int met() {
    return Stream.of(faulty.source, faulty.destination)
        .flatMap(plan -> plan.met().values().stream())
        .mapToInt(Integer::intValue)
        .sum();
  }
}
