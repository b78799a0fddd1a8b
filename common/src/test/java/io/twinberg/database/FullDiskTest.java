package io.twinberg.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.twinberg.testing.Databases;
import io.twinberg.testing.FullDisk;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An H2 file on a disk without room. */
@Timeout(180)
class FullDiskTest {
  private static final int WRITERS = 8;

  @TempDir private Path folder;
  private final AtomicInteger next = new AtomicInteger();
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failures = new AtomicInteger();
  private FullDisk disk;
  private Database database;

  @BeforeEach
  void open() {
    disk = FullDisk.under(folder);
    database = Databases.h2(folder);
    database
        .jdbi()
        .useHandle(
            handle -> handle.execute("create table written (id int primary key, bytes varchar)"));
  }

  @AfterEach
  void close() {
    disk.close();
    database.close();
  }

  /** One row of a size at which the file soon has to grow. */
  private void write() {
    int id = next.incrementAndGet();
    database.inGroupedTransaction(
        handle -> handle.execute("insert into written values (?, ?)", id, "x".repeat(5_000)));
    acknowledged.add(id);
  }

  private static void writeInterrupted(Handle handle) {
    handle.execute("insert into written values (0, '')");
    Thread.currentThread().interrupt();
  }

  private boolean writes() {
    try {
      write();
      return true;
    } catch (JdbiException e) {
      return false;
    }
  }

  private List<Integer> written() {
    return database
        .jdbi()
        .withHandle(handle -> handle.select("select id from written").mapTo(Integer.class).list());
  }

  /** Without a pause: the file of a machine that is slow may have room for hundreds of rows. */
  private void fillUntilNothingIsWritten() {
    disk.fill();
    await().pollDelay(Duration.ZERO).pollInterval(Duration.ZERO).until(() -> !writes());
  }

  @Test
  void fullDisk_roomAgain_isWrittenWithoutARestart() {
    write();
    fillUntilNothingIsWritten();
    // And still: the file is opened again meanwhile, and may then take another row or two.
    fillUntilNothingIsWritten();

    disk.makeRoom();

    await().until(this::writes);
    assertThat(written()).containsAll(acknowledged).hasSizeGreaterThan(1);
  }

  @Test
  void fullDisk_stillFull_isReadOnceItIsOpenAgain() {
    write();
    fillUntilNothingIsWritten();

    await()
        .ignoreExceptionsInstanceOf(JdbiException.class)
        .untilAsserted(() -> assertThat(written()).containsAll(acknowledged));
  }

  @Test
  void closedFile_asked_saysWhyAndWhatToDo() {
    fillUntilNothingIsWritten();

    await()
        .untilAsserted(
            () ->
                assertThatExceptionOfType(JdbiException.class)
                    .isThrownBy(this::write)
                    .havingRootCause()
                    .withMessageContaining("No space left on device"));
  }

  /** Whoever still has a connection to the closed file would keep it from being opened again. */
  @Test
  void fullDisk_comesAndGoesUnderManyThreads_nothingAcknowledgedIsMissing() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(WRITERS);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      boolean reads = i % 2 == 0;
      writers.add(threads.submit(() -> use(ended, reads)));
    }
    for (int round = 0; round < 4; round++) {
      awaitProgress();
      disk.fill();
      int failed = failures.get();
      await().until(() -> failures.get() > failed + WRITERS);
      disk.makeRoom();
    }
    awaitProgress();
    ended.set(true);
    for (Future<?> writer : writers) {
      writer.get();
    }
    threads.shutdown();

    assertThat(written()).containsAll(acknowledged);
    database.close();
    database = Databases.h2(folder);
    assertThat(written()).containsAll(acknowledged);
  }

  private void awaitProgress() {
    int before = acknowledged.size();
    await().until(() -> acknowledged.size() > before + WRITERS);
  }

  private void use(AtomicBoolean ended, boolean reads) {
    while (!ended.get()) {
      if (!writes()) {
        failures.incrementAndGet();
      }
      if (reads) {
        try {
          written();
        } catch (JdbiException e) {
          failures.incrementAndGet();
        }
      }
    }
  }

  /** The process that holds them goes on, unlike at a start. */
  @Test
  void lease_ofAFileThatWasOpenedAgain_isStillHeld() {
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute("insert into lease values ('lane', 'me', 7, current_timestamp)"));
    fillUntilNothingIsWritten();
    disk.makeRoom();
    await().until(this::writes);

    String owner =
        database
            .jdbi()
            .withHandle(
                handle -> handle.select("select owner from lease").mapTo(String.class).one());
    assertThat(owner).isEqualTo("me");
  }

  /** The channel to the file closes under it. */
  @Test
  void interruptedThread_inATransaction_leavesAFileThatIsOpenedAgain() {
    write();
    assertThatExceptionOfType(JdbiException.class)
        .isThrownBy(() -> database.jdbi().useTransaction(FullDiskTest::writeInterrupted))
        .withRootCauseInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();

    await().until(this::writes);
    assertThat(written()).containsAll(acknowledged);
  }

  @Test
  void start_onAFullDisk_isRefusedByName() {
    // More than fits between the rows that are there.
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    """
                    insert into lease select "X" || repeat('x', 100), 'me', 7, current_timestamp
                    from system_range(1, 20000)
                    """));
    database.close();
    disk.fill();

    assertThatExceptionOfType(DatabaseException.class)
        .isThrownBy(() -> Database.embedded(folder))
        .withMessageContaining(folder.resolve("twinberg").toString())
        .withMessageContaining("No space left on device");
    disk.makeRoom();
    database = Database.embedded(folder);
  }
}
