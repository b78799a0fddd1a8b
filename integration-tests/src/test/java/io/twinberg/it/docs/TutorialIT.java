package io.twinberg.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tutorial, typed into a shell as it is written, shows what it says. Profile {@code tutorial}.
 */
@Tag("tutorial")
class TutorialIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir private Path folder;

  @Test
  void tutorial_typedAsWritten_showsWhatItSays() throws Exception {
    List<Step> steps = Step.of("docs/TUTORIAL.md", "tutorial");
    assertThat(steps).hasSizeGreaterThan(10);
    try (DocumentedSetup setup = new DocumentedSetup(folder)) {
      for (Step step : steps) {
        if (step.waits()) {
          await(step.commands()).atMost(LIMIT).untilAsserted(() -> assertShown(setup, step));
        } else {
          assertShown(setup, step);
        }
      }
    }
  }

  private static void assertShown(DocumentedSetup setup, Step step) throws InterruptedException {
    String commands = setup.commands(step);
    String printed = setup.shell().run(commands);
    assertThat(step.isShownBy(printed))
        .as("%s%nshowed:%n%s%ninstead of:%n%s", commands, printed, String.join("\n", step.shown()))
        .isTrue();
  }
}
