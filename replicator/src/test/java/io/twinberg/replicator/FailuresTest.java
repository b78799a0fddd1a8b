package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.ReplicaFailure;
import io.twinberg.replicator.HookedStore.Call;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileMetadata;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every failure is shown with its code, and the last good version stays readable meanwhile. */
class FailuresTest {
  @TempDir Path folder;
  private TestingLake lake;
  private HookedStore source;
  private HookedStore destination;
  private Table table;

  @BeforeEach
  void open() {
    lake = new TestingLake(folder);
    source = new HookedStore(lake.store());
    destination = new HookedStore(lake.store());
    lake.stores(source, destination);
    table = lake.create("2");
    lake.append(table, "a");
  }

  @AfterEach
  void close() {
    lake.close();
  }

  private void catchUp() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
  }

  private ReplicaFailure failure() {
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(
          () ->
              lake.replicas()
                  .byName("eu", TestingLake.EVENTS)
                  .filter(replica -> replica.failure().isPresent())
                  .isPresent());
    }
    lake.replica()
        .metadataLocation()
        .ifPresent(location -> ReplicaChecks.assertWhole(lake, lake.published()));
    return lake.replica().failure().orElseThrow();
  }

  private void assertFails(String code, boolean needsPerson) {
    ReplicaFailure failure = failure();
    assertThat(failure.code()).as(failure.message()).isEqualTo(code);
    assertThat(failure.needsPerson()).isEqualTo(needsPerson);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void sourceStore_failsAndComesBack_replicaFailsAndRecovers(Kind kind) {
    catchUp();
    lake.append(table, "b");
    source.hook(failing(kind, call -> true));
    assertFailsAndRecovers(kind, "SOURCE_", source);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void destinationStore_failsAndComesBack_replicaFailsAndRecovers(Kind kind) {
    catchUp();
    lake.append(table, "b");
    destination.hook(failing(kind, call -> call.kind().equals("PUT")));
    assertFailsAndRecovers(kind, "DESTINATION_", destination);
  }

  private static HookedStore.Hook failing(Kind kind, Predicate<Call> matches) {
    return call -> {
      if (matches.test(call)) {
        throw new StoreException(kind, call.location(), "a test says so: " + call.location());
      }
    };
  }

  private void assertFailsAndRecovers(Kind kind, String end, HookedStore store) {
    String code =
        switch (kind) {
          case CORRUPT -> "CORRUPT";
          case MISSING -> end + "FILE_MISSING";
          default -> end + kind;
        };
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().attempts() >= 2);
      ReplicaFailure failure = lake.replica().failure().orElseThrow();
      assertThat(failure.code()).isEqualTo(code);
      assertThat(failure.needsPerson())
          .isEqualTo(kind != Kind.UNAVAILABLE && kind != Kind.THROTTLED);
      ReplicaChecks.assertWhole(lake, lake.published());
      store.hook(call -> {});
      if (kind == Kind.CORRUPT) {
        // What is damaged is mended by a person who says so.
        assertThat(lake.retryNow()).isTrue();
      }
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
    assertThat(lake.replica().failure()).isEmpty();
    assertThat(lake.replica().attempts()).isZero();
  }

  /** What a person mends at a store, nobody tells us; what heals by itself, nobody mends. */
  @ParameterizedTest
  @EnumSource(value = Kind.class, names = "CORRUPT", mode = EnumSource.Mode.EXCLUDE)
  void store_thatFailsForLong_isTriedUntilItComesBack(Kind kind) {
    catchUp();
    lake.append(table, "b");
    source.hook(failing(kind, call -> true));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().attempts() >= 8);
      assertThat(lake.replica().givenUpHead()).isEmpty();
      source.hook(call -> {});
      ReplicaChecks.assertEqual(lake, table, lake.awaitCurrent(table));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedVersion_isGivenUpAfterFiveAttemptsAndComesWithTheNextOne(boolean postgres) {
    givenUpThen(
        postgres,
        replicator -> {
          source.hook(call -> {});
          lake.append(table, "c");
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void damagedVersion_isGivenUpAndComesWhenSomebodyHasItTriedAgain(boolean postgres) {
    givenUpThen(
        postgres,
        replicator -> {
          source.hook(call -> {});
          assertThat(lake.retryNow()).isTrue();
        });
  }

  private void givenUpThen(boolean postgres, Consumer<Replicator> mending) {
    if (postgres) {
      lake.usePostgres();
    }
    catchUp();
    lake.append(table, "b");
    source.hook(failing(Kind.CORRUPT, FailuresTest::isOfEvents));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().givenUpHead().isPresent());
      assertGivenUpAfter(5);
      ReplicaChecks.assertWhole(lake, lake.published());
      // The lanes serve another table meanwhile, and leave this one alone though its wait is over.
      Table other = lake.create(TableIdentifier.of("sales", "other"), "2", Map.of());
      lake.append(other, "x");
      ReplicaChecks.assertEqual(lake, other, lake.sync(replicator, other));
      TestingLake.await(() -> !lake.replica().nextAttemptAt().isAfter(Instant.now()));
      lake.append(other, "y");
      ReplicaChecks.assertEqual(lake, other, lake.sync(replicator, other));
      assertGivenUpAfter(5);

      mending.accept(replicator);
      ReplicaChecks.assertEqual(lake, table, lake.sync(replicator, table));
    }
    assertThat(lake.replica().failure()).isEmpty();
    assertThat(lake.replica().givenUpHead()).isEmpty();
  }

  private static boolean isOfEvents(Call call) {
    return call.location().contains("/events/");
  }

  private void assertGivenUpAfter(int attempts) {
    assertThat(lake.replica().attempts()).isEqualTo(attempts);
    assertThat(lake.replica().vainAttempts()).isEqualTo(attempts);
    assertThat(lake.replica().givenUpHead()).isPresent();
  }

  @Test
  void damagedVersion_isTriedOnceWithEachLaterOneThatDoesNotHelp() {
    catchUp();
    lake.append(table, "b");
    source.hook(failing(Kind.CORRUPT, FailuresTest::isOfEvents));
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().givenUpHead().isPresent());
      long head = lake.replica().givenUpHead().orElseThrow();
      lake.append(table, "c");
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().givenUpHead().orElse(head) > head);
      assertGivenUpAfter(6);
    }
  }

  /** A version that is logged amid the last attempt has not been tried by it. */
  @Test
  void damagedVersion_givenUpWhileTheNextOneArrives_isTriedWithThatOne() {
    catchUp();
    lake.append(table, "b");
    AtomicBoolean amidTheLast = new AtomicBoolean();
    source.hook(
        call -> {
          if (lake.replica().attempts() == 4 && amidTheLast.compareAndSet(false, true)) {
            long head = head();
            lake.append(table, "c");
            TestingLake.await(() -> head() > head);
          }
          throw new StoreException(Kind.CORRUPT, call.location(), "a test says so");
        });
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().attempts() == 6);
      TestingLake.await(() -> lake.replica().givenUpHead().orElse(0) == head());
    }
  }

  private long head() {
    return lake.count("select max(position) from table_version");
  }

  @Test
  void givenUpReplica_afterARestart_isTriedAgain() {
    catchUp();
    lake.append(table, "b");
    lake.allowedLocations("file:" + folder.resolve("elsewhere") + "/");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      replicator.demand("main");
      TestingLake.await(() -> lake.replica().givenUpHead().isPresent());
    }
    assertThat(lake.replica().failure().orElseThrow().code()).isEqualTo("PATH_REFUSED");

    lake.allowedLocations("file:" + folder.resolve("lake") + "/");
    catchUp();
  }

  @Test
  void dataFile_missingAndStillCurrent_failsWithItsNameUntilItIsBack() {
    catchUp();
    lake.append(table, "is there");
    lake.append(table, "b");
    String file = table.location() + "/data/b.parquet";
    lake.io().deleteFile(file);
    lake.append(table, "c");
    ReplicaFailure failure = failure();
    assertThat(failure.code()).isEqualTo("SOURCE_FILE_MISSING");
    assertThat(failure.file()).contains(file);
    assertThat(lake.count("select count(*) from gap")).isZero();

    TestingLake.dataFile(table, "b");
    catchUp();
  }

  @Test
  void failedReplica_otherReplicas_goOn() {
    catchUp();
    lake.append(table, "b");
    lake.io().deleteFile(table.location() + "/data/b.parquet");
    failure();
    Table other = lake.create(TableIdentifier.of("sales", "other"), "2", Map.of());
    lake.append(other, "x");
    try (Replicator replicator = lake.replicator(CrashPoints.NONE)) {
      lake.append(other, "y");
      ReplicaChecks.assertEqual(lake, other, lake.sync(replicator, other));
    }
    assertThat(lake.replica().failure()).isPresent();
  }

  @Test
  void positionDeletes_ofAnUnknownFormat_areUnsupported() {
    catchUp();
    DataFile file = TestingLake.dataFile(table, "delete");
    table.newRowDelta().addDeletes(positions(file, "metadata")).commit();
    assertFails("UNSUPPORTED", true);
    assertThat(lake.replica().failure().orElseThrow().file()).contains(file.location());
  }

  @Test
  void positionDeletes_thatCannotBeRead_areCorrupt() {
    catchUp();
    DataFile file = TestingLake.dataFile(table, "delete");
    table.newRowDelta().addDeletes(positions(file, "parquet")).commit();
    assertFails("CORRUPT", true);
    assertThat(lake.replica().failure().orElseThrow().file()).contains(file.location());
  }

  private static DeleteFile positions(DataFile file, String format) {
    return FileMetadata.deleteFileBuilder(PartitionSpec.unpartitioned())
        .ofPositionDeletes()
        .withPath(file.location())
        .withFormat(format)
        .withFileSizeInBytes(file.fileSizeInBytes())
        .withRecordCount(1)
        .build();
  }

  @Test
  void encryption_inTable_isUnsupported() {
    catchUp();
    table.updateProperties().set("encryption.key-id", "k").commit();
    assertFails("UNSUPPORTED", true);
  }

  @Test
  void dataFile_outsideAllowedLocations_isRefused() {
    catchUp();
    DataFile inside = TestingLake.dataFile(table, "b");
    DataFile outside =
        DataFiles.builder(table.spec())
            .copy(inside)
            .withPath("file:" + folder.resolve("elsewhere/b.parquet"))
            .build();
    table.newAppend().appendFile(outside).commit();
    assertFails("PATH_REFUSED", true);
  }

  @Test
  void metadata_aboveTheLimit_isTooLarge() {
    lake.metadataLimit(500);
    assertFails("METADATA_TOO_LARGE", true);
  }

  @Test
  void manifest_overwrittenWithGarbage_isCorrupt() {
    assertCorrupt(newManifest());
  }

  @Test
  void manifestList_overwrittenWithGarbage_isCorrupt() {
    assertCorrupt(newManifestList());
  }

  /** Of a commit that the replica does not have yet. */
  private String newManifestList() {
    catchUp();
    lake.append(table, "b");
    return table.currentSnapshot().manifestListLocation();
  }

  private String newManifest() {
    newManifestList();
    return table.currentSnapshot().allManifests(table.io()).get(0).path();
  }

  private void assertCorrupt(String file) {
    lake.store().put(file, "garbage".getBytes(StandardCharsets.UTF_8));
    assertFails("CORRUPT", true);
    assertNamed(file, file + ": ");
  }

  private void assertNamed(String file, String message) {
    ReplicaFailure failure = lake.replica().failure().orElseThrow();
    assertThat(failure.file()).contains(file);
    assertThat(failure.message()).startsWith(message);
  }

  @Test
  void manifest_ofAnUnknownCodec_isUnsupportedAndNamed() {
    assertUnsupported(newManifest());
  }

  @Test
  void manifestList_ofAnUnknownCodec_isUnsupportedAndNamed() {
    assertUnsupported(newManifestList());
  }

  private void assertUnsupported(String file) {
    String sound = new String(read(file), StandardCharsets.ISO_8859_1);
    String other = sound.replaceFirst("deflate", "inflate");
    assertThat(other).isNotEqualTo(sound);
    lake.store().put(file, other.getBytes(StandardCharsets.ISO_8859_1));
    assertFails("UNSUPPORTED", true);
    assertNamed(file, file + ": Avro codec 'inflate'");
  }

  @Test
  void dataFile_cutShort_isCorrupt() {
    catchUp();
    lake.append(table, "b");
    lake.store().put(table.location() + "/data/b.parquet", new byte[3]);
    assertFails("CORRUPT", true);
  }

  @Test
  void historyForkedWhereNoLogTells_wentBack() {
    table
        .updateProperties()
        .set("write.metadata.previous-versions-max", "1")
        .set("write.metadata.delete-after-commit.enabled", "true")
        .commit();
    String earlier = TestingLake.current(table).metadataFileLocation();
    byte[] kept = read(earlier);
    catchUp();
    lake.append(table, "b");
    lake.append(table, "c");
    catchUp();
    lake.store().put(earlier, kept);
    lake.pointCatalogTo(earlier);
    Table other = lake.catalog().loadTable(TestingLake.EVENTS);
    for (String name : new String[] {"x", "y", "z"}) {
      lake.append(other, name);
    }
    assertFails("SOURCE_WENT_BACK", true);
  }

  private byte[] read(String location) {
    try (var in = lake.store().open(location)) {
      return in.readAllBytes();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void destination_notConfiguredAnyMore_endIsMissing() {
    catchUp();
    lake.append(table, "b");
    lake.destinations("elsewhere");
    assertFails("END_MISSING", true);
  }

  @Test
  void bug_inTheReplicator_isInternal() {
    catchUp();
    lake.append(table, "b");
    source.hook(
        call -> {
          throw new IllegalStateException("a bug");
        });
    assertFails("INTERNAL", false);
  }
}
