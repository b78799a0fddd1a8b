package io.twinberg.command;

import io.twinberg.config.DestinationConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.replica.Adoption;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.pointer.Pointer;
import io.twinberg.replicator.pointer.Recovery;
import io.twinberg.storage.ObjectStores;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rebuilds the replica catalog of a destination from its bucket. */
@Command(
    name = "recover",
    description = {
      "Rebuilds the replica catalog of a destination from its bucket alone: what the database does"
          + " not know of the",
      "replicas there, it learns from their pointer objects. Stop the server first when it runs on"
          + " H2."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "Example:%n",
    footer = "  twinberg recover --config twinberg.yaml --destination eu",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the replicas of the bucket are known",
      "1:they are not; the message says why",
      "2:the command line is wrong"
    })
final class RecoverCommand implements Callable<Integer> {
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(
      names = "--destination",
      required = true,
      paramLabel = "NAME",
      description = "The destination to recover.")
  private String destination = "";

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    TwinbergConfig loaded = config.load();
    DestinationConfig wanted =
        loaded
            .destination(destination)
            .orElseThrow(
                () ->
                    new UsageException(
                        "there is no destination '"
                            + destination
                            + "'; the configuration has "
                            + loaded.destinations().stream()
                                .map(DestinationConfig::name)
                                .toList()));
    try (Database database = Databases.open(loaded);
        ObjectStores store = ObjectStores.from(wanted.storage().reveal())) {
      report(
          new Recovery(
                  new Adoption(database, Clock.systemUTC()),
                  new MirroredNamespaces(database, Clock.systemUTC()))
              .recover(wanted.name(), wanted.root(), store));
    }
    return 0;
  }

  private void report(Recovery.Report report) {
    PrintWriter out = spec.commandLine().getOut();
    for (Pointer pointer : report.adopted()) {
      out.printf(
          "recovered %s.%s at position %d: %s%n",
          String.join(".", pointer.namespace()),
          pointer.name(),
          pointer.position(),
          pointer.metadataLocation());
    }
    out.printf(
        "%d replicas recovered at %s, %d known already%n",
        report.adopted().size(), destination, report.known());
    if (report.namespaces() > 0) {
      out.printf("%d namespaces recovered%n", report.namespaces());
    }
    out.flush();
  }
}
