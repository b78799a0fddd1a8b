package io.twinberg.it.kill;

import io.twinberg.it.engine.FreePort;
import io.twinberg.testing.PostgresServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL of one test, which is stopped and started again on its data and its port. */
final class StoppablePostgres implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);

  private final Path data;
  private final int port = FreePort.find();
  private EmbeddedPostgres server;

  /** Starts one with its data in a folder. */
  StoppablePostgres(Path folder) {
    PostgresServer.running(); // says why where none can run
    this.data = folder.resolve("postgres");
    this.server = started();
  }

  private EmbeddedPostgres started() {
    try {
      return EmbeddedPostgres.builder()
          .setDataDirectory(data)
          .setCleanDataDirectory(false)
          .setPort(port)
          .setPGStartupWait(START)
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its one database. */
  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  /** Ends the server's process; its data stays. */
  void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it again. */
  void start() {
    server = started();
  }

  @Override
  public void close() {
    stop();
  }
}
