package io.twinberg.replicator.histories;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/FIDELITY.md names as proof is there. */
class FidelityTest {
  private static final Pattern NAMED =
      Pattern.compile(
          "`([A-Z][A-Za-z0-9]+(?:Test|IT|Checks))(?:\\.([A-Za-z0-9_]+)(\\*?))?`(?:\\]\\(\\.\\./([^)]+)\\))?");
  private static final Pattern HISTORY = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");
  private static final Pattern RUN = Pattern.compile("(?:ofAll|new History)\\(\"([a-z_]+)\"");

  @Test
  void fidelity_everyTestThatItNames_isThere() throws IOException {
    Path root = root();
    Map<String, String> tests = tests(root);
    Matcher named = NAMED.matcher(Files.readString(root.resolve("docs/FIDELITY.md")));
    int found = 0;
    while (named.find()) {
      assertThat(tests).as("test classes").containsKey(named.group(1));
      assertThat(named.group(4)).as("link of " + named.group()).isNotNull();
      assertThat(root.resolve(named.group(4))).hasFileName(named.group(1) + ".java").exists();
      if (named.group(2) != null) {
        String method = named.group(2) + (named.group(3).isEmpty() ? "(" : "");
        assertThat(tests.get(named.group(1))).as(named.group(1)).contains("void " + method);
      }
      found++;
    }
    assertThat(found).isGreaterThan(30);
  }

  @Test
  void fidelity_historiesWithEngines_areThoseOfTheMatrix() throws IOException {
    Path root = root();
    Set<String> documented = all(HISTORY, Files.readString(root.resolve("docs/FIDELITY.md")));

    assertThat(documented).isEqualTo(all(RUN, tests(root).get("Histories"))).hasSizeGreaterThan(10);
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(one -> one.group(1)).collect(Collectors.toSet());
  }

  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (folder != null && !Files.exists(folder.resolve("docs/FIDELITY.md"))) {
      folder = folder.getParent();
    }
    assertThat(folder).as("a folder with docs").isNotNull();
    return folder;
  }

  private static Map<String, String> tests(Path root) throws IOException {
    Map<String, String> tests = new HashMap<>();
    for (String module :
        new String[] {"common", "replicator", "catalog-proxy", "integration-tests"}) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file -> tests.put(name(file), read(file)));
      }
    }
    return tests;
  }

  private static String name(Path file) {
    return file.getFileName().toString().replace(".java", "");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
