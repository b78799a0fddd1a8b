package io.twinberg.command;

import io.twinberg.config.TwinbergConfig;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves until it is stopped. */
@Command(
    name = "serve",
    description = "Serves sources and replicas, captures commits and replicates them.",
    mixinStandardHelpOptions = true,
    footerHeading = "Examples:%n",
    footer = {
      "  twinberg serve --config twinberg.yaml",
      "  twinberg serve --config twinberg.yaml --roles replicator"
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:it was only asked for its help",
      "1:it cannot start; the message says why",
      "2:the command line is wrong",
      "143:it was stopped by SIGTERM (130: by Ctrl-C)"
    })
final class ServeCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--roles",
      split = ",",
      paramLabel = "ROLE",
      description =
          "proxy, replicator or both (the default). Roles in processes of their own need a shared"
              + " PostgreSQL.")
  private List<Role> roles = List.of(Role.values());

  @Override
  public Integer call() throws InterruptedException {
    TwinbergConfig loaded = config.load();
    Set<Role> wanted = EnumSet.copyOf(roles);
    if (wanted.size() < Role.values().length && loaded.database().isEmpty()) {
      throw new UsageException(
          "--roles "
              + roles
              + " needs a database that processes can share: set database.url to a PostgreSQL; H2"
              + " belongs to one process");
    }
    LOG.info("configuration:\n{}", loaded.masked());
    CountDownLatch stopped = new CountDownLatch(1);
    TwinbergServer server = TwinbergServer.start(loaded, wanted);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                }));
    stopped.await();
    return 0;
  }
}
