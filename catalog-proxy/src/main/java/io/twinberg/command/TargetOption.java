package io.twinberg.command;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which replicas a command is about. */
final class TargetOption {
  @Option(names = "--source", paramLabel = "NAME", description = "Replicas of this source.")
  private @Nullable String source;

  @Option(
      names = "--destination",
      paramLabel = "NAME",
      description = "Replicas at this destination.")
  private @Nullable String destination;

  @Option(
      names = "--table",
      paramLabel = "TABLE",
      description =
          "Replicas of this table, such as sales.orders; a dot inside a name is written %%2E.")
  private @Nullable String table;

  @Option(names = "--all", description = "Everything; stands alone.")
  private boolean all;

  OperationClient.Target target() {
    return new OperationClient.Target(
        Optional.ofNullable(source),
        Optional.ofNullable(destination),
        Optional.ofNullable(table).map(TableName::parse));
  }

  boolean all() {
    return all;
  }
}
