package io.twinberg.replicator.rewrite.bench;

import io.twinberg.replicator.rewrite.ManifestTranscoder;
import io.twinberg.replicator.rewrite.TranscodedManifest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.ManifestFixtures;
import org.apache.iceberg.ManifestFixtures.Written;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Copies one manifest of format version 3, with statistics of 20 columns, from memory to memory on
 * one thread, a whole copy per iteration. Compare the rows of one run with each other; machines
 * differ.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 2)
@Measurement(iterations = 3)
public class ManifestRewriteBenchmark {

  private static final String TARGET = "s3://replica-eu-1/sales/orders-0a1b2c";

  /**
   * The processor time of the copying thread: on a machine with other work the clock measures the
   * other work. It leaves out the collector's threads, to the advantage of who allocates most.
   */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Cpu {
    /** Milliseconds of one copy. */
    public double cpuMillis;

    <T> T timed(Callable<T> copy) throws Exception {
      long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
      T result = copy.call();
      cpuMillis =
          (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1_000_000.0;
      return result;
    }
  }

  @Param({"zstd", "uncompressed", "gzip"})
  public String codec = "zstd";

  @Param("100000")
  public int entries;

  private Written manifest = ManifestFixtures.manifest(3, "two", "zstd", 1, 0);

  /** Writes the manifest and says how large it and its copies are. */
  @Setup
  public void writeManifest() throws IOException {
    manifest = ManifestFixtures.manifest(3, "two", codec, entries, 42);
    System.out.printf("%n%s: source %d bytes", codec, manifest.bytes().length);
    for (int level : "gzip".equals(codec) ? new int[] {1, 9} : new int[] {1}) {
      System.out.printf(", level %d: %d", level, transcode(level).size());
    }
    System.out.println();
  }

  /** Ours, at the default deflate level. */
  @Benchmark
  public int transcoder(Cpu cpu) throws Exception {
    return cpu.timed(() -> transcode(ManifestTranscoder.DEFAULT_DEFLATE_LEVEL).size());
  }

  /** Iceberg's manifest reader and writer, the path changed in place. */
  @Benchmark
  public int readerToWriter(Cpu cpu) throws Exception {
    return cpu.timed(
        () ->
            ManifestFixtures.copyWithModel(manifest, codec, ManifestRewriteBenchmark::map).length);
  }

  /** Iceberg's path rewriting utility; it always writes gzip. */
  @Benchmark
  public int rewriteTablePath(Cpu cpu) throws Exception {
    return cpu.timed(() -> ManifestFixtures.copyWithRewriteTablePath(manifest, TARGET).length);
  }

  private ByteArrayOutputStream transcode(int deflateLevel) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    TranscodedManifest result =
        new ManifestTranscoder(ManifestRewriteBenchmark::map, deflateLevel)
            .transcode(new ByteArrayInputStream(manifest.bytes()), out, (entry, target) -> {});
    if (result.entries() != entries) {
      throw new IllegalStateException("copied " + result.entries() + " of " + entries);
    }
    return out;
  }

  private static String map(String path) {
    return path.startsWith(ManifestFixtures.SOURCE)
        ? TARGET + path.substring(ManifestFixtures.SOURCE.length())
        : path;
  }
}
