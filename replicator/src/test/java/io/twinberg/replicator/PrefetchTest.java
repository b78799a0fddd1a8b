package io.twinberg.replicator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.files.SourceFiles;
import io.twinberg.replicator.mapping.PathRules;
import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import io.twinberg.replicator.prefetch.Prefetch;
import io.twinberg.storage.MemoryStore;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import io.twinberg.storage.StoreException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading ahead is only a shortcut. */
class PrefetchTest {
  /** A machine that stands still for a while must not make a lane read what is read ahead. */
  private static final Duration PATIENT = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private TestingLake lake;
  private HookedStore store;
  private Prefetch prefetch;
  private Table table;
  private Snapshot snapshot;
  private String manifest;

  @BeforeEach
  void commit() {
    lake = new TestingLake(folder);
    table = lake.create("2");
    lake.append(table, "a");
    lake.append(table, "b");
    snapshot = table.currentSnapshot();
    manifest =
        snapshot.allManifests(table.io()).stream()
            .filter(one -> one.snapshotId() == snapshot.snapshotId())
            .findFirst()
            .orElseThrow()
            .path();
    store = new HookedStore(lake.store());
    prefetch = prefetch(List.of("file:" + folder));
  }

  private Prefetch prefetch(List<String> allowed, ObjectStore... destinations) {
    return prefetch(allowed, PATIENT, destinations);
  }

  private Prefetch prefetch(List<String> allowed, Duration patience, ObjectStore... destinations) {
    return new Prefetch(
        SourceFiles.in(store), new PathRules(allowed, true), List.of(destinations), patience);
  }

  private void announce() {
    String body =
        "{\"updates\":[{\"action\":\"add-snapshot\",\"snapshot\":{\"snapshot-id\":%d,\"manifest-list\":\"%s\"}}]}"
            .formatted(snapshot.snapshotId(), snapshot.manifestListLocation());
    prefetch.announced(TestingLake.EVENTS, body.getBytes(StandardCharsets.UTF_8));
  }

  private List<String> got() {
    return store.calls("GET").stream().map(HookedStore.Call::location).toList();
  }

  @AfterEach
  void close() {
    prefetch.close();
    lake.close();
  }

  private void begin() {
    prefetch.begin(
        TestingLake.EVENTS,
        new SnapshotFacts(snapshot.snapshotId(), snapshot.manifestListLocation()));
  }

  private static byte[] read(ObjectStore from, String location) {
    try (InputStream in = from.open(location)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] read(String location) {
    return read(prefetch.of(() -> TestingLake.EVENTS), location);
  }

  @Test
  void listAndNewManifest_readByALane_areReadFromTheStoreOnce() {
    begin();

    assertThat(read(snapshot.manifestListLocation()))
        .isEqualTo(read(lake.store(), snapshot.manifestListLocation()));
    assertThat(read(manifest)).isEqualTo(read(lake.store(), manifest));
    assertThat(read(manifest)).isNotEmpty();

    assertThat(got()).containsExactly(snapshot.manifestListLocation(), manifest);
  }

  @Test
  void announcedCommit_thenLogged_isReadOnce() {
    announce();
    begin();
    read(snapshot.manifestListLocation());
    read(manifest);

    assertThat(got()).containsExactly(snapshot.manifestListLocation(), manifest);
  }

  @Test
  void announcedListOutsideTheAllowedLocations_isNotReadAhead() {
    prefetch.close();
    prefetch = prefetch(List.of("file:" + folder + "/elsewhere"));
    Set<String> readers = readers();

    announce();
    prefetch.announced(TestingLake.EVENTS, "no JSON".getBytes(StandardCharsets.UTF_8));
    read(snapshot.manifestListLocation());

    assertThat(readers).containsExactly(Thread.currentThread().getName());
  }

  @Test
  void smallDataFile_ofADestinationThatCannotCopyIt_isReadAhead() {
    prefetch.close();
    try (MemoryStore elsewhere = new MemoryStore()) {
      prefetch = prefetch(List.of("file:" + folder), elsewhere);
      announce();
      read(snapshot.manifestListLocation());
      read(manifest);
      Set<String> readers = readers();

      assertThat(read(dataFile())).isEqualTo(read(lake.store(), dataFile())).isNotEmpty();

      assertThat(readers).doesNotContain(Thread.currentThread().getName());
    }
  }

  @Test
  void smallDataFile_ofADestinationThatCopiesItAlone_isNotReadAhead() {
    prefetch.close();
    prefetch = prefetch(List.of("file:" + folder), lake.store());
    announce();
    // With the manifest it is known what else is read.
    read(snapshot.manifestListLocation());
    read(manifest);
    Set<String> readers = readers();

    read(dataFile());

    assertThat(readers).containsExactly(Thread.currentThread().getName());
  }

  private String dataFile() {
    return table.location() + "/data/b.parquet";
  }

  private Set<String> readers() {
    Set<String> readers = ConcurrentHashMap.newKeySet();
    store.hook(call -> readers.add(Thread.currentThread().getName()));
    return readers;
  }

  @Test
  void listOutsideTheAllowedLocations_isNotReadAhead() {
    prefetch.close();
    prefetch = prefetch(List.of("file:" + folder + "/elsewhere"));
    Set<String> readers = readers();
    begin();

    // Whoever asks for a file that is being read ahead waits for it.
    read(snapshot.manifestListLocation());

    assertThat(readers).containsExactly(Thread.currentThread().getName());
  }

  @Test
  void fileOfOneTable_askedForByAnother_isReadWithItsOwnRights() {
    begin();
    read(snapshot.manifestListLocation());
    read(manifest);
    store.forget();

    read(prefetch.of(() -> TableIdentifier.of("sales", "other")), snapshot.manifestListLocation());

    assertThat(store.calls("GET")).hasSize(1);
  }

  @Test
  void fileThatCannotBeReadAhead_isReadByTheLaneAndFailsAsItself() {
    store.hook(
        call -> {
          throw new StoreException(Kind.MISSING, call.location(), "gone: " + call.location());
        });
    begin();

    assertThatThrownBy(() -> read(snapshot.manifestListLocation()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("gone: ");
    store.hook(call -> {});

    assertThat(read(snapshot.manifestListLocation())).isNotEmpty();
  }

  @Test
  void storeThatHangs_holdsUpNoLane() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    prefetch.close();
    prefetch = prefetch(List.of("file:" + folder), Prefetch.PATIENCE);
    store.hook(
        call -> {
          if (Thread.currentThread().getName().equals("replicator-prefetch")) {
            reached.countDown();
            awaitQuietly(goOn);
          }
        });
    begin();
    reached.await();

    assertThat(read(snapshot.manifestListLocation())).isNotEmpty();
    goOn.countDown();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
