package io.twinberg.replicator.rewrite.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Copies a manifest of a million entries in a process of 64 MB. Its name keeps it out of the normal
 * build; run it with {@code mvn -pl replicator -am test -Dtest=LargeManifestBench
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class LargeManifestBench {
  @ParameterizedTest
  @ValueSource(strings = {"uncompressed", "zstd", "gzip"})
  void manifest_ofAMillionEntries_isCopiedInSixtyFourMegabytes(String codec) throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "-Xmx64m",
                    "-XX:MaxDirectMemorySize=8m",
                    "-cp",
                    System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")),
                    LargeManifestCopy.class.getName(),
                    codec))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
    System.out.println(codec + ": " + said.strip());
    assertThat(process.exitValue()).as(said).isZero();
    assertThat(said).contains("entries=1000000");
  }
}
