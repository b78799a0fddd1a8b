package io.twinberg.it.kill;

import io.twinberg.database.Database;
import io.twinberg.it.StorePair;
import io.twinberg.it.engine.JavaHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a server holds at one moment of a soak.
 *
 * @param heapMegabytes what is reachable, counted while the process stands still
 * @param rows of what must not grow, by its name
 * @param keptLedger rows of the ledger of replicas that keep everything, which grows with them
 * @param p50 lag of what was published since the sample before, in milliseconds
 */
record SoakSample(
    long second,
    long heapMegabytes,
    long threads,
    long descriptors,
    Map<String, Long> rows,
    long keptLedger,
    long databaseKilobytes,
    long objects,
    long objectKilobytes,
    long p50,
    long p99) {
  /** How the rows are counted that must not grow. */
  private static final Map<String, String> ROWS = new LinkedHashMap<>();

  static {
    for (String table :
        List.of(
            "intent",
            "table_version",
            "receipt",
            "gap",
            "operation",
            "condemned_file",
            "staged_publication",
            "audit_entry",
            "audit_begun")) {
      ROWS.put(table, "select count(*) from " + table);
    }
    ROWS.put("ledger", ledger("="));
  }

  static final String HEAD =
      "second heap-MB threads fds %s kept-ledger db-kB objects kB lag-p50-ms lag-p99-ms"
          .formatted(String.join(" ", ROWS.keySet()));

  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

  /** Takes a sample of a process and its database; what was published lately makes the lag. */
  static SoakSample of(
      long second, long pid, Database database, StorePair stores, Duration sinceLast) {
    Path proc = Path.of("/proc", Long.toString(pid));
    List<Long> lags = lags(database, sinceLast);
    List<Path> objects = stores.replicated();
    return new SoakSample(
        second,
        heap(pid),
        count(proc.resolve("task")),
        count(proc.resolve("fd")),
        rows(database),
        number(database, ledger("<>")),
        number(database, "select pg_database_size(current_database()) / 1024"),
        objects.size(),
        objects.stream().mapToLong(SoakSample::size).sum() / 1024,
        lags.isEmpty() ? 0 : lags.get(lags.size() / 2),
        lags.isEmpty() ? 0 : lags.get(lags.size() * 99 / 100));
  }

  private static String ledger(String whose) {
    return "select count(*) from ledger l join replica r on r.id = l.replica_id where r.namespace %s '[\"%s\"]'"
        .formatted(whose, SoakClients.BRIEF);
  }

  private static Map<String, Long> rows(Database database) {
    Map<String, Long> rows = new LinkedHashMap<>();
    ROWS.forEach((name, sql) -> rows.put(name, number(database, sql)));
    return rows;
  }

  private static List<Long> lags(Database database, Duration since) {
    return database
        .jdbi()
        .withHandle(
            handle ->
                handle
                    .createQuery(
                        """
                        select cast(extract(epoch from published_at - committed_at) * 1000 as bigint) from receipt
                        where published_at > current_timestamp - cast(:ms as bigint) * interval '0.001' second
                        order by 1
                        """)
                    .bind("ms", since.toMillis())
                    .mapTo(Long.class)
                    .list());
  }

  private static long number(Database database, String sql) {
    return database.jdbi().withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
  }

  private static long count(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0; // deleted meanwhile
    }
  }

  /**
   * The process is at work: of what a collection leaves and what a second call then finds in use,
   * the difference is what it has thrown away between the two, hundreds of megabytes at times.
   */
  private static long heap(long pid) {
    Matcher total = TOTAL.matcher(jcmd(pid, "GC.class_histogram"));
    if (!total.find()) {
      throw new IllegalStateException("no total in the histogram of process " + pid);
    }
    return Long.parseLong(total.group(1)) >> 20;
  }

  private static String jcmd(long pid, String command) {
    try {
      Process process =
          new ProcessBuilder(
                  JavaHome.current().command().resolveSibling("jcmd").toString(),
                  Long.toString(pid),
                  command)
              .redirectErrorStream(true)
              .start();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return Stream.of(
            Stream.of(second, heapMegabytes, threads, descriptors),
            rows.values().stream(),
            Stream.of(keptLedger, databaseKilobytes, objects, objectKilobytes, p50, p99))
        .flatMap(numbers -> numbers)
        .map(number -> "%7d".formatted(number))
        .collect(Collectors.joining(" "));
  }
}
