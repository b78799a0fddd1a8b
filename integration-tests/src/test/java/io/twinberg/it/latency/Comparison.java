package io.twinberg.it.latency;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The same call directly and through the proxy, in turns, so that whatever else the machine does
 * falls on both.
 */
final class Comparison {
  private static final int CALLS_PER_ROUND = Integer.getInteger("calls", 96);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Operation operation;
  private final int clients;
  private final int rounds;

  Comparison(Operation operation, int clients, int rounds) {
    this.operation = operation;
    this.clients = clients;
    this.rounds = rounds;
  }

  /**
   * What was measured, in nanoseconds.
   *
   * @param proxiedWall the time that all calls through the proxy took together
   * @param addedCpu what this process, which holds everything but the fixture, worked longer for
   *     them than for the direct ones: the proxy's own part, whatever else the machine does
   */
  record Result(long[] direct, long[] proxied, long proxiedWall, long addedCpu) {
    Result {
      Arrays.sort(direct);
      Arrays.sort(proxied);
    }

    double direct(double fraction) {
      return at(direct, fraction);
    }

    double proxied(double fraction) {
      return at(proxied, fraction);
    }

    double added(double fraction) {
      return proxied(fraction) - direct(fraction);
    }

    double proxiedPerSecond() {
      return proxied.length / (proxiedWall / 1e9);
    }

    /** What the proxy works for a call, in milliseconds of one core. */
    double addedCpuPerCall() {
      return addedCpu / 1e6 / proxied.length;
    }

    private static double at(long[] sorted, double fraction) {
      return sorted[(int) (fraction * (sorted.length - 1))] / 1e6;
    }

    @Override
    public String toString() {
      return "direct p50 %6.2f p99 %6.2f  proxied p50 %6.2f p99 %6.2f  added p50 %5.2f p99 %6.2f ms  ratio %5.2f  cpu %5.3f ms  %6.0f/s"
          .formatted(
              direct(0.5),
              direct(0.99),
              proxied(0.5),
              proxied(0.99),
              added(0.5),
              added(0.99),
              proxied(0.5) / direct(0.5),
              addedCpuPerCall(),
              proxiedPerSecond());
    }
  }

  /** Warms up for as many rounds as are measured, and measures. */
  Result run(URI direct, URI proxied) throws Exception {
    List<Long> directNanos = new ArrayList<>();
    List<Long> proxiedNanos = new ArrayList<>();
    long proxiedWall = 0;
    long addedCpu = 0;
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      for (int round = -rounds; round < rounds; round++) {
        long cpuBefore = cpuNanos();
        List<Long> first = calls(pool, direct);
        long cpuBetween = cpuNanos();
        long start = System.nanoTime();
        List<Long> second = calls(pool, proxied);
        if (round >= 0) {
          proxiedWall += System.nanoTime() - start;
          addedCpu += cpuNanos() - cpuBetween - (cpuBetween - cpuBefore);
          directNanos.addAll(first);
          proxiedNanos.addAll(second);
        }
      }
    } finally {
      pool.shutdown();
    }
    return new Result(array(directNanos), array(proxiedNanos), proxiedWall, addedCpu);
  }

  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static long[] array(List<Long> nanos) {
    return nanos.stream().mapToLong(Long::longValue).toArray();
  }

  private List<Long> calls(ExecutorService pool, URI base) throws Exception {
    List<Callable<List<Long>>> callers = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      HttpRequest request = operation.request(base, client);
      callers.add(() -> calls(request, CALLS_PER_ROUND / clients));
    }
    List<Long> all = new ArrayList<>();
    for (Future<List<Long>> done : pool.invokeAll(callers)) {
      all.addAll(done.get());
    }
    return all;
  }

  private List<Long> calls(HttpRequest request, int count)
      throws IOException, InterruptedException {
    List<Long> nanos = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
      nanos.add(System.nanoTime() - start);
      if (answer.statusCode() != 200) {
        throw new AssertionError(request + " was answered " + answer.statusCode());
      }
    }
    return nanos;
  }
}
