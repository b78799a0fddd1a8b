package io.twinberg.it.kill;

import static org.awaitility.Awaitility.await;

import io.twinberg.database.Database;
import io.twinberg.it.Setup;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** One of several whole Twinbergs on one database, which is stopped in the midst of its work. */
final class PausedTwin implements AutoCloseable {
  private static final Duration STOPPED_IN_TIME = Duration.ofMinutes(1);
  private static final Duration LEASES_RUN_OUT = Duration.ofMinutes(1);

  private final Path folder;
  private final TwinbergProcess process;
  private final String id;
  private final Database database;

  private PausedTwin(Path folder, TwinbergProcess process, String id, Database database) {
    this.folder = folder;
    this.process = process;
    this.id = id;
    this.database = database;
  }

  /**
   * Starts one and waits until it serves; one after the other, so that each is known by its row.
   */
  static PausedTwin start(Setup setup, String name, Database database) {
    int port = FreePort.find();
    try {
      Path folder = Files.createDirectory(setup.folder().resolve(name));
      TwinbergProcess process =
          TwinbergProcess.serve(
              folder, setup.in(folder).file(port), URI.create("http://127.0.0.1:" + port));
      return new PausedTwin(folder, process, newestProcess(database), database);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String newestProcess(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery("select id from process order by started_at desc limit 1")
                    .mapTo(String.class)
                    .one());
  }

  URI catalog(String name) {
    return process.catalog(name);
  }

  /** Stops it while it applies versions under its leases and has forwards in flight. */
  void pauseAmidWork(Random random) {
    pauseAmid(
        "versions being applied and forwards in flight",
        () -> LockSupport.parkNanos(Duration.ofMillis(random.nextInt(300)).toNanos()),
        () -> applying() > 0 && inFlight() > 0);
  }

  /** Stops it while its calls that delete files may be on their way. */
  void pauseAmidDeletion() {
    pauseAmid("files being deleted", this::awaitDeletion, () -> deleting() > 0);
  }

  private void awaitDeletion() {
    await("a deletion")
        .atMost(STOPPED_IN_TIME)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(() -> deleting() > 0);
  }

  private void pauseAmid(String work, Runnable moment, BooleanSupplier amidIt) {
    await(work)
        .atMost(STOPPED_IN_TIME)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              moment.run();
              process.pause();
              if (amidIt.getAsBoolean()) {
                return true;
              }
              process.resume();
              return false;
            });
  }

  /** How many files it is deleting now; those of a deletion that broke off stay so for long. */
  long deleting() {
    return count(
        """
        select count(*) from condemned_file c
        join lease l on l.resource = 'replica/' || c.replica_id
        where l.owner = ? and l.expires_at > current_timestamp and c.state = 'DELETING'
          and c.deleting_since > current_timestamp - interval '5' second
        """);
  }

  long applying() {
    return count(
        """
        select count(*) from lease l
        join replica r on l.resource = 'replica/' || r.id
        join source_table t on t.id = r.table_id
        where l.owner = ? and l.expires_at > current_timestamp and t.head_position > r.position
        """);
  }

  long inFlight() {
    return count("select count(*) from intent where process_id = ? and state = 'PENDING'");
  }

  /** Waits until none of its leases is worth anything, whoever has taken them over. */
  void awaitLeasesLost() {
    await("leases run out")
        .atMost(LEASES_RUN_OUT)
        .until(
            () ->
                count(
                        "select count(*) from lease where owner = ? and expires_at > current_timestamp")
                    == 0);
  }

  /** How often it has deleted some files at the destination. */
  long deletions() {
    try (Stream<String> lines = Files.lines(folder.resolve("twinberg.log"))) {
      return lines.filter(line -> line.contains("unreferenced files deleted")).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void resume() {
    process.resume();
  }

  private long count(String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql, id).mapTo(Long.class).one());
  }

  @Override
  public void close() {
    process.resume();
    process.close();
  }
}
