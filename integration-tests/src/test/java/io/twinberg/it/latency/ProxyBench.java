package io.twinberg.it.latency;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.command.Role;
import io.twinberg.command.TwinbergServer;
import io.twinberg.config.ConfigLoader;
import io.twinberg.it.catalog.FixtureCatalog;
import io.twinberg.it.catalog.FixtureSettings;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the proxy adds to loading a table, listing and committing, against Iceberg's fixture and
 * against an upstream that takes no time. Everything, the callers and the upstream included, shares
 * this machine's cores, which only makes the proxy look worse.
 */
class ProxyBench {
  private static final int ROUNDS = 20;

  private static final int ROUNDS_OF_A_WARM_UP = 10;
  private static final int MOST_WARM_UPS = 8;

  /** The share of the time at which the compilers count as done with the way of every call. */
  private static final double LITTLE_COMPILING = 0.1;

  /** The fixture writes each commit to a disk; the proxy is warm when its turn comes. */
  private static final int FIXTURE_ROUNDS = 4;

  private static final int[] CLIENTS = {1, 16};

  @TempDir private Path folder;

  @Test
  void addedLatency_ofEachOperation_isWithinTheGoals() throws Exception {
    try (FastUpstream fast = FastUpstream.start();
        FixtureCatalog fixture = fixture();
        TwinbergServer twinberg = twinberg(fast.uri(), fixture.uri())) {
      warmUp(fast.uri(), twinberg);
      Map<String, Comparison.Result> results = new TreeMap<>();
      measure("fast", fast.uri(), twinberg, ROUNDS, results);
      measure("fixture", fixture.uri(), twinberg, FIXTURE_ROUNDS, results);
      results.forEach((name, result) -> System.out.println(name + "  " + result));

      assertThat(results.get("fast load_table 1").added(0.5)).as("load, ms").isLessThan(0.5);
      assertThat(results.get("fast commit 1").added(0.5)).as("commit, ms").isLessThan(1.5);
      // A core has a second of work to give in a second: a thousand calls may take a millisecond.
      assertThat(results.get("fast load_table 16").addedCpuPerCall()).as("CPU, ms").isLessThan(1);
      assertThat(results.get("fast list_tables 16").addedCpuPerCall()).as("CPU, ms").isLessThan(1);
    }
  }

  /** A server that has been running for a while no longer shares its cores with compilers. */
  private void warmUp(URI fast, TwinbergServer twinberg) throws Exception {
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    double share = 1;
    for (int i = 0; i < MOST_WARM_UPS && share > LITTLE_COMPILING; i++) {
      long start = System.nanoTime();
      long compiled = compilers.getTotalCompilationTime();
      measure("fast", fast, twinberg, ROUNDS_OF_A_WARM_UP, new TreeMap<>());
      share = (compilers.getTotalCompilationTime() - compiled) * 1e6 / (System.nanoTime() - start);
    }
  }

  private void measure(
      String upstream,
      URI direct,
      TwinbergServer twinberg,
      int rounds,
      Map<String, Comparison.Result> results)
      throws Exception {
    URI proxied = URI.create("http://127.0.0.1:" + twinberg.port() + "/catalogs/" + upstream);
    for (Operation operation : Operation.values()) {
      for (int clients : CLIENTS) {
        String name = "%s %s %d".formatted(upstream, operation, clients).toLowerCase(Locale.ROOT);
        results.put(name, new Comparison(operation, clients, rounds).run(direct, proxied));
      }
    }
  }

  private FixtureCatalog fixture() throws Exception {
    FixtureCatalog fixture =
        FixtureCatalog.start(
            FixtureSettings.onFolder(folder.resolve("fixture"), folder.resolve("lake")));
    try (RESTCatalog catalog = new RESTCatalog()) {
      catalog.initialize("fixture", Map.of("uri", fixture.uri().toString()));
      catalog.createNamespace(Namespace.of("bench"));
      Schema schema = new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));
      for (int client = 0; client < CLIENTS[CLIENTS.length - 1]; client++) {
        catalog.createTable(TableIdentifier.of("bench", "t" + client), schema);
      }
    }
    return fixture;
  }

  private TwinbergServer twinberg(URI fast, URI fixture) {
    String yaml =
        """
        server: { port: 0 }
        management: { port: 0 }
        data-dir: data
        sources:
          fast: { uri: "%s" }
          fixture: { uri: "%s" }
        destinations:
          replica: { root: replica, retention: { snapshots: forever } }
        """
            .formatted(fast, fixture);
    // The replicator is another role: what it does after a commit is measured as lag.
    return TwinbergServer.start(
        ConfigLoader.parse(yaml, folder, name -> null), EnumSet.of(Role.PROXY));
  }
}
