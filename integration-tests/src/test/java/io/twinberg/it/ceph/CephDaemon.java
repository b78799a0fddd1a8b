package io.twinberg.it.ceph;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One of Ceph's servers. A shell in between ends it when its own input ends, so that it does not
 * outlive this JVM, however that ends. What it stores is lost with it.
 */
final class CephDaemon implements AutoCloseable {
  private static final String UNTIL_INPUT_ENDS =
      "\"$@\" </dev/null & server=$!; cat >/dev/null; kill -9 $server; wait $server";

  private final Process shell;

  private CephDaemon(Process shell) {
    this.shell = shell;
  }

  static CephDaemon start(Path folder, List<String> words) {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", UNTIL_INPUT_ENDS, "sh"));
    command.addAll(words);
    try {
      return new CephDaemon(
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve(words.get(0) + ".out").toFile())
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(10, TimeUnit.SECONDS)) {
        shell.descendants().forEach(ProcessHandle::destroyForcibly);
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
