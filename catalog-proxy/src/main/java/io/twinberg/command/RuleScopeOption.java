package io.twinberg.command;

import io.twinberg.http.PathSegments;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a rule covers, as people say it. */
final class RuleScopeOption {
  @Option(
      names = "--source",
      required = true,
      paramLabel = "NAME",
      description = "The source; alone, the rule is for all of it.")
  private String source = "";

  @Option(
      names = "--namespace",
      paramLabel = "NAMESPACE",
      description =
          "A namespace with all below it, such as sales or sales.eu; a dot inside a name is written %%2E.")
  private @Nullable String namespace;

  @Option(names = "--table", paramLabel = "TABLE", description = "One table of the namespace.")
  private @Nullable String table;

  String path() {
    if (table != null && namespace == null) {
      throw new UsageException(
          "--table needs --namespace, such as --namespace sales --table orders");
    }
    StringBuilder path = new StringBuilder(ManagementClient.API + "/sources/");
    path.append(PathSegments.encode(source));
    if (namespace != null) {
      path.append("/namespaces/")
          .append(PathSegments.joinLevels(levels(namespace), PathSegments.DEFAULT_SEPARATOR));
    }
    if (table != null) {
      path.append("/tables/").append(PathSegments.encode(table));
    }
    return path + "/replication";
  }

  private static List<String> levels(String namespace) {
    try {
      return Arrays.stream(namespace.split("\\.", -1)).map(PathSegments::decode).toList();
    } catch (IllegalArgumentException e) {
      throw new UsageException("--namespace '" + namespace + "' is none: " + e.getMessage());
    }
  }
}
