package io.twinberg.command;

import io.twinberg.command.demo.Demo;
import io.twinberg.command.demo.RowDigest;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows the whole path on this machine, without any other service. */
@Command(
    name = "demo",
    description = {
      "Shows the whole path on this machine: an embedded catalog, real tables, commits, a replica,"
          + " and the proof."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {"  twinberg demo", "  twinberg demo --keep"},
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:all of it held",
      "1:something did not; the message says what",
      "2:the command line is wrong"
    })
final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--keep",
      description = "Leave it running at the end, and its files afterwards, to attach engines.")
  private boolean keep;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("twinberg-demo-");
    try {
      run(folder, spec.commandLine().getOut());
      return 0;
    } finally {
      if (!keep) {
        delete(folder);
      }
    }
  }

  private void run(Path folder, PrintWriter out) throws Exception {
    TwinbergConfig config =
        ConfigLoader.parse(
            "server: { port: 0 }\nmanagement: { port: 0 }\n", folder, System::getenv);
    Demo demo = new Demo(out);
    out.printf("%nTwinberg demo in %s%n%n", folder);
    out.printf("1. Two tables, twelve commits through the proxy, each followed to the replica%n%n");
    Map<String, RowDigest> remembered;
    try (TwinbergServer server = start(config)) {
      String base = base(server);
      demo.writeAndFollow(base);
      out.printf("2. Both sides read through Iceberg's own reader%n%n");
      remembered = demo.read(base, "main");
      demo.compare("source and replica", remembered, demo.read(base, "replica"));
      out.printf("%n3. A write to the replica%n%n");
      demo.refuseWrites(base);
    }
    out.printf("%n4. The database is deleted, and the replica recovered from its folder alone%n%n");
    delete(folder.resolve("twinberg-data/twinberg.mv.db"));
    recover(folder, out);
    try (TwinbergServer server = start(config)) {
      String base = base(server);
      demo.compare("before and after", remembered, demo.read(base, "replica"));
      out.printf("%nAll of it held.%n");
      out.printf(
          keep
              ? "%nIts files are in " + folder + ". Attach engines like this:%n%n"
              : "%nWith --keep it goes on running, and engines attach like this:%n%n");
      Attach.print(out, base);
      out.flush();
      if (keep) {
        waitForTheEnd(server, out);
      }
    }
  }

  private static TwinbergServer start(TwinbergConfig config) {
    return TwinbergServer.start(config, EnumSet.allOf(Role.class));
  }

  private static String base(TwinbergServer server) {
    return "http://127.0.0.1:" + server.port();
  }

  private static void recover(Path folder, PrintWriter out) throws IOException {
    Path file = Files.writeString(folder.resolve("twinberg.yaml"), "");
    int exit =
        Main.commandLine()
            .setOut(out)
            .execute(
                List.of("recover", "--config", file.toString(), "--destination", "replica")
                    .toArray(String[]::new));
    if (exit != 0) {
      throw new UsageException("recover ended with exit code " + exit);
    }
  }

  private static void waitForTheEnd(TwinbergServer server, PrintWriter out)
      throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                }));
    out.printf("Running until you press Ctrl-C.%n");
    out.flush();
    stopped.await();
  }

  private static void delete(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      for (Path one : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    }
  }
}
