package io.twinberg.it.kill;

import io.twinberg.it.Setup;
import io.twinberg.it.TwinbergProcess;
import io.twinberg.it.engine.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Random;

/** The server of a soak, which is killed or stopped from time to time and started again. */
final class SoakServer implements AutoCloseable {
  private static final int RESTART_EVERY = 4; // samples

  private final Setup setup;
  private final int port = FreePort.find();
  private final Random random;
  private TwinbergProcess process;

  SoakServer(Setup setup, long seed) {
    this.setup = setup;
    this.random = new Random(seed);
    this.process = start();
  }

  private TwinbergProcess start() {
    try {
      return TwinbergProcess.serve(
          setup.folder(), setup.file(port), URI.create("http://127.0.0.1:" + port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI catalog(String name) {
    return process.catalog(name);
  }

  long pid() {
    return process.pid();
  }

  void maybeRestart(int sample) {
    if (sample % RESTART_EVERY == 0) {
      if (random.nextBoolean()) {
        process.kill();
      } else {
        process.close();
      }
      process = start();
    }
  }

  @Override
  public void close() {
    process.close();
  }
}
