package io.twinberg.it.docs;

import io.twinberg.it.engine.JavaHome;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A bash in a folder that looks like a checkout of the project that was built: with the launcher,
 * the libraries and the documents. What is started in it ends with it.
 */
final class Shell implements AutoCloseable {
  private static final String END = "--- twinberg step ended ---";

  private final Process bash;
  private final Writer commands;
  private final BufferedReader output;

  private Shell(Process bash) {
    this.bash = bash;
    this.commands = bash.outputWriter(StandardCharsets.UTF_8);
    this.output = bash.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts it with these variables in its environment. */
  static Shell start(Path folder, Map<String, String> environment) {
    try {
      launcher(folder);
      libraries(Files.createDirectories(folder.resolve("catalog-proxy/target/lib")));
      Files.createSymbolicLink(folder.resolve("docs"), Path.of("../docs").toRealPath());
      ProcessBuilder bash =
          new ProcessBuilder("bash", "--norc").directory(folder.toFile()).redirectErrorStream(true);
      bash.environment().putAll(environment);
      bash.environment()
          .merge("PATH", java().getParent().toString(), (path, bin) -> bin + ":" + path);
      return new Shell(bash.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path java() {
    return JavaHome.current().command();
  }

  /** The launcher of the checkout would build first; this one has what the build has made. */
  private static void launcher(Path folder) throws IOException {
    Path script =
        Files.writeString(
            folder.resolve("twinberg"),
            """
            #!/usr/bin/env bash
            exec %s -Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dlogback.configurationFile=logback.xml \\
              -cp '%s' io.twinberg.command.Main "$@"
            """
                .formatted(java(), System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void libraries(Path folder) throws IOException {
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path file = Path.of(entry);
      Path link = folder.resolve(file.getFileName());
      if (entry.endsWith(".jar") && Files.isRegularFile(file) && Files.notExists(link)) {
        Files.createSymbolicLink(link, file.toAbsolutePath());
      }
    }
  }

  /** Types commands and returns all that they print. */
  String run(String text) {
    begin(text + "\necho; echo '" + END + "'\n");
    StringBuilder printed = new StringBuilder();
    try {
      String line = output.readLine();
      while (line != null && !line.equals(END)) {
        printed.append(line).append('\n');
        line = output.readLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return printed.toString();
  }

  /** Types commands of which the last one stays. */
  void begin(String text) {
    try {
      commands.write(text);
      commands.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws InterruptedException {
    List<ProcessHandle> started = bash.descendants().toList();
    bash.destroy();
    started.forEach(ProcessHandle::destroy);
    for (ProcessHandle one : started) {
      one.onExit().completeOnTimeout(one, 30, TimeUnit.SECONDS).join();
    }
    bash.waitFor(30, TimeUnit.SECONDS);
  }
}
