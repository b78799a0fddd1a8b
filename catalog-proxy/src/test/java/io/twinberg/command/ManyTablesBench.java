package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.OperationRequest;
import io.twinberg.operation.ReplicaTarget;
import io.twinberg.testing.DatabaseKind;
import io.twinberg.testing.Databases;
import io.twinberg.testing.OnEveryDatabase;
import io.twinberg.testing.PostgresServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/**
 * A whole server over ten thousand tables with two replicas each: how fast it starts and answers,
 * and what it costs when nothing happens. Figures of a machine that does something else mean
 * little.
 */
@OnEveryDatabase
class ManyTablesBench {
  private static final Duration START = Duration.ofSeconds(10);
  private static final Duration LIST = Duration.ofMillis(100);
  private static final Duration METRICS = Duration.ofMillis(200);
  private static final double IDLE_CORES = 0.02;
  private static final Duration SETTLE = Duration.ofSeconds(Integer.getInteger("settle", 300));
  private static final Duration IDLE = Duration.ofSeconds(Integer.getInteger("idle", 60));
  private static final int CALLS = Integer.getInteger("calls", 100);
  private static final int WARM_UP = CALLS / 4;
  private static final int DEEP = 15;
  private static final List<String> LISTS =
      List.of(
          "",
          "pageSize=1000",
          "source=main&destination=eu",
          "state=failed",
          "state=pending",
          "state=completed",
          "lifecycle=active",
          "paused=true",
          "needsPerson=true",
          "namespace=n55",
          "tablePrefix=t05",
          "tableContains=77",
          "minLag=1m",
          "order=desc",
          "sort=state",
          "sort=state&order=desc",
          "sort=lag&order=desc",
          "sort=lag",
          "sort=lastApplied&order=desc",
          "sort=lastApplied");

  private static final List<String> OTHERS =
      List.of(
          "/management/v1/sources/main/namespaces/n55/tables/t05550/status",
          "/management/v1/sources",
          "/management/v1/destinations",
          "/management/v1/rules",
          "/management/v1/operations",
          "/management/v1/tokens",
          "/management/v1/audit",
          "/management/v1/audit?destination=eu",
          "/management/v1/audit?source=main&namespace=n55&table=t05550");

  /** Asked so seldom that nothing is kept from the call before. */
  private static final List<String> SELDOM =
      List.of(
          "/management/v1/status?",
          "/management/v1/status?state=failed",
          "/management/v1/status?sort=lag&order=desc",
          "/management/v1/status?sort=lastApplied&order=desc",
          "/management/v1/status?pageSize=1000",
          "/management/v1/sources",
          "/management/v1/destinations");

  private static final Duration SELDOM_EVERY = Duration.ofMillis(5_200);
  private static final int OPERATIONS = 1_000;
  private static final int SELDOM_CALLS = Integer.getInteger("seldom", 12);

  @Parameter private DatabaseKind kind;
  @TempDir private Path folder;
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void server_overManyTables_startsAnswersAndRestsWithinItsGoals() throws Exception {
    TwinbergConfig config = seeded();
    List<String> tooSlow = new ArrayList<>();
    long started = System.nanoTime();
    try (TwinbergServer server = TwinbergServer.start(config, EnumSet.allOf(Role.class))) {
      get(server, "/management/v1/status?pageSize=1");
      check(tooSlow, "start", Duration.ofNanos(System.nanoTime() - started), START);
      warmUp(server);
      for (String list : LISTS) {
        String path = "/management/v1/status?" + list;
        check(tooSlow, path, p99(server, path), LIST);
        check(tooSlow, path + " (deep)", p99(server, deep(server, path)), LIST);
      }
      for (String path : OTHERS) {
        check(tooSlow, path, p99(server, path), LIST);
      }
      check(tooSlow, "/metrics", p99(server, "/metrics"), METRICS);
      for (String path : SELDOM) {
        check(tooSlow, path + " (seldom)", seldom(server, path), LIST);
      }
      check(tooSlow, "/metrics (seldom)", seldom(server, "/metrics"), METRICS);
      TimeUnit.SECONDS.sleep(SETTLE.toSeconds());
      double cores = idleCores();
      System.out.printf("%s idle: %.1f %% of a core%n", kind, cores * 100);
      assertThat(tooSlow).isEmpty();
      assertThat(cores).isLessThan(IDLE_CORES);
    }
  }

  /** A server that people look at has compiled what answers them. */
  private void warmUp(TwinbergServer server) throws Exception {
    for (int round = 0; round < WARM_UP; round++) {
      for (String list : LISTS) {
        get(server, "/management/v1/status?" + list);
      }
    }
  }

  /** A configuration over a database that has had a day of ten thousand tables. */
  private TwinbergConfig seeded() throws IOException {
    boolean shared = kind == DatabaseKind.POSTGRES;
    String url = shared ? PostgresServer.running().createDatabase() : "";
    String yaml =
        shared
            ? ManyTables.yaml()
                + "database: { url: \"%s\", user: %s, password: none }\n"
                    .formatted(url, PostgresServer.USER)
            : ManyTables.yaml();
    TwinbergConfig config = ConfigLoader.parse(yaml, folder, name -> null);
    // Makes the tables of the embedded catalog.
    TwinbergServer.start(config, EnumSet.of(Role.PROXY)).close();
    try (Database database =
        shared ? Databases.postgres(url) : Databases.h2(folder.resolve("twinberg-data"))) {
      new ManyTables(database, folder).write();
      requestOperations(database);
    }
    return config;
  }

  /** As many as an admin asks for in a month; none of them is left to be done. */
  private static void requestOperations(Database database) {
    OperationLog log = new OperationLog(database, Clock.systemUTC());
    for (int i = 0; i < OPERATIONS; i++) {
      log.request(new OperationRequest.Retry(ReplicaTarget.ALL), "somebody");
    }
    database
        .jdbi()
        .useHandle(
            handle ->
                handle.execute(
                    "update operation set state = 'COMPLETED', finished_at = requested_at, result = '{}'"));
  }

  private void check(List<String> tooSlow, String what, Duration took, Duration goal) {
    System.out.printf("%s %s: %.1f ms%n", kind, what, took.toNanos() / 1e6);
    if (took.compareTo(goal) > 0) {
      tooSlow.add(what + " took " + took);
    }
  }

  private Duration p99(TwinbergServer server, String path) throws Exception {
    List<Long> nanos = new ArrayList<>();
    for (int call = 0; call < WARM_UP + CALLS; call++) {
      long start = System.nanoTime();
      body(server, path);
      nanos.add(System.nanoTime() - start);
    }
    List<Long> warm = new ArrayList<>(nanos.subList(WARM_UP, nanos.size()));
    Collections.sort(warm);
    return Duration.ofNanos(warm.get(CALLS - 2));
  }

  /** The slowest of some calls with a pause before each, as people and scrapers make them. */
  private Duration seldom(TwinbergServer server, String path) throws Exception {
    long slowest = 0;
    for (int call = 0; call < SELDOM_CALLS; call++) {
      TimeUnit.NANOSECONDS.sleep(SELDOM_EVERY.toNanos());
      long start = System.nanoTime();
      body(server, path);
      slowest = Math.max(slowest, System.nanoTime() - start);
    }
    return Duration.ofNanos(slowest);
  }

  /** The same list many pages on, or where it ends. */
  private String deep(TwinbergServer server, String path) throws Exception {
    String deep = path;
    for (int page = 0; page < DEEP; page++) {
      String size = path.contains("pageSize") ? "" : "&pageSize=1000";
      JsonNode next = get(server, deep + (deep.equals(path) ? size : "")).path("nextPageToken");
      if (!next.isTextual()) {
        return deep;
      }
      deep = path + size + "&pageToken=" + next.asText();
    }
    return path.contains("pageSize") ? deep : deep.replace("pageSize=1000", "pageSize=100");
  }

  private JsonNode get(TwinbergServer server, String path) throws Exception {
    return new ObjectMapper().readTree(body(server, path));
  }

  private String body(TwinbergServer server, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.managementPort() + path);
    HttpResponse<String> answer =
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  private static double idleCores() throws InterruptedException {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    Map<Long, Long> threads = threadNanos();
    long cpu = process.getProcessCpuTime();
    long start = System.nanoTime();
    TimeUnit.SECONDS.sleep(IDLE.toSeconds());
    long took = process.getProcessCpuTime() - cpu;
    printBusiest(threads, took);
    return (double) took / (System.nanoTime() - start);
  }

  private static Map<Long, Long> threadNanos() {
    Map<Long, Long> nanos = new HashMap<>();
    for (long id : ManagementFactory.getThreadMXBean().getAllThreadIds()) {
      nanos.put(id, ManagementFactory.getThreadMXBean().getThreadCpuTime(id));
    }
    return nanos;
  }

  /** What is missing from the sum is the compiler's, the collector's, and that of ended threads. */
  private static void printBusiest(Map<Long, Long> before, long whole) {
    Map<Long, Long> took = threadNanos();
    took.replaceAll((id, nanos) -> nanos - before.getOrDefault(id, 0L));
    System.out.printf("whole process: %.0f ms%n", whole / 1e6);
    took.entrySet().stream()
        .sorted(Map.Entry.<Long, Long>comparingByValue().reversed())
        .limit(8)
        .forEach(
            one ->
                System.out.printf(
                    "%s: %.0f ms%n",
                    Optional.ofNullable(
                            ManagementFactory.getThreadMXBean().getThreadInfo(one.getKey()))
                        .map(ThreadInfo::getThreadName)
                        .orElse("ended"),
                    one.getValue() / 1e6));
  }
}
