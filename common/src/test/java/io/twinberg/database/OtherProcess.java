package io.twinberg.database;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Another process that has a folder's database open, with one committed row, until it is killed.
 */
final class OtherProcess implements AutoCloseable {
  private final Process process;

  private OtherProcess(Process process) {
    this.process = process;
  }

  static OtherProcess holding(Path folder) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    if (!"open".equals(line)) {
      process.destroyForcibly();
      throw new IOException("the other process said " + line);
    }
    return new OtherProcess(process);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it, as {@code kill -9} would. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** The process's own entry; its end of input means that the test has ended without killing it. */
  public static void main(String[] arguments) throws IOException {
    try (Database database = Database.embedded(Path.of(arguments[0]))) {
      database
          .jdbi()
          .useHandle(
              handle ->
                  handle.execute("insert into source (name, last_position) values ('prod', 7)"));
      System.out.println("open");
      System.in.read();
    }
  }
}
