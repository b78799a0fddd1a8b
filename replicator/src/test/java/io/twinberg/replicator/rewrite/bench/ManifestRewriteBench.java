package io.twinberg.replicator.rewrite.bench;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the benchmark and compares its rows. Its name keeps it out of the normal build; run it with
 * {@code mvn -pl replicator -am test -Dtest=ManifestRewriteBench
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class ManifestRewriteBench {

  /** How many times as fast as the better of Iceberg's two ways the transcoder has to be. */
  private static final Map<String, Double> GOALS =
      Map.of("zstd", 2.5, "uncompressed", 6.0, "gzip", 2.5);

  @Test
  void transcoder_againstTheBetterOfIcebergsWays_reachesItsGoals() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(ManifestRewriteBenchmark.class.getSimpleName())
                    .param("entries", System.getProperty("entries", "100000"))
                    .shouldFailOnError(true)
                    .build())
            .run();
    Map<String, Double> millis = new TreeMap<>();
    SoftAssertions softly = new SoftAssertions();
    results.forEach(result -> millis.put(key(result), best(result)));
    millis.forEach((row, time) -> System.out.printf("%s: %.0f ms%n", row, time));
    for (String codec : GOALS.keySet()) {
      double better =
          Math.min(millis.get(codec + " readerToWriter"), millis.get(codec + " rewriteTablePath"));
      double ratio = better / millis.get(codec + " transcoder");
      System.out.printf("%s: %.1f times the better of the two%n", codec, ratio);
      softly.assertThat(ratio).as(codec).isGreaterThanOrEqualTo(GOALS.get(codec));
    }
    softly.assertAll();
  }

  private static String key(RunResult result) {
    String name = result.getParams().getBenchmark();
    return result.getParams().getParam("codec") + " " + name.substring(name.lastIndexOf('.') + 1);
  }

  /** The processor time of the best iteration. */
  private static double best(RunResult result) {
    return result.getBenchmarkResults().stream()
        .flatMap(fork -> fork.getIterationResults().stream())
        .mapToDouble(iteration -> iteration.getSecondaryResults().get("cpuMillis").getScore())
        .min()
        .orElseThrow();
  }
}
