package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.twinberg.database.Database;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.status.ReplicaWorld;
import io.twinberg.testing.Databases;
import io.twinberg.testing.SteppedClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the command line is coloured. */
class TerminalTest {
  private static final String RED = "\u001b[31mfailed";
  private static final Path SCRIPT = Path.of("/usr/bin/script");

  @TempDir private Path folder;

  @Test
  void ansi_ofATerminal_isOnUnlessNoColorOrADumbOne() {
    assertThat(Terminal.of(true, Map.of()).ansi()).isTrue();
    assertThat(Terminal.of(true, Map.of("TERM", "xterm", "NO_COLOR", "")).ansi()).isTrue();
    assertThat(Terminal.of(true, Map.of("NO_COLOR", "0")).ansi()).isFalse();
    assertThat(Terminal.of(true, Map.of("NO_COLOR", "1")).ansi()).isFalse();
    assertThat(Terminal.of(true, Map.of("TERM", "dumb")).ansi()).isFalse();
    assertThat(Terminal.of(true, Map.of("NO_COLOR", "1")).interactive()).isTrue();
  }

  @Test
  void ansi_ofAFileOrPipe_isOff() {
    assertThat(Terminal.of(false, Map.of()).ansi()).isFalse();
    assertThat(Terminal.of(false, Map.of("TERM", "xterm")).interactive()).isFalse();
  }

  /** The real process before a real terminal, which util-linux' script makes. */
  @Test
  void status_beforeATerminal_isColouredUnlessNoColor() throws Exception {
    assumeTrue(Files.isExecutable(SCRIPT), "there is no " + SCRIPT + " that makes a terminal");
    SteppedClock clock = new SteppedClock(Instant.parse("2026-03-01T10:00:00Z"));
    try (Database database = Databases.h2(folder);
        ManagementListener listener =
            new TestingManagement(database, clock).token("eyes", "manage:viewer").start()) {
      ReplicaWorld world = new ReplicaWorld(database, clock, ReplicaListener.NONE);
      world.fail(
          world.replica(world.table("prod", TableIdentifier.of("n", "t")), "eu"), "CORRUPT", true);

      assertThat(shown(listener.port(), Map.of())).contains(RED);
      assertThat(shown(listener.port(), Map.of("NO_COLOR", "1")))
          .contains("failed")
          .doesNotContain("\u001b[");
    }
  }

  private String shown(int port, Map<String, String> environment) throws Exception {
    String status =
        "%s -XX:TieredStopAtLevel=1 -cp '%s' io.twinberg.command.Main status --management http://127.0.0.1:%d --token s-eyes"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                port);
    ProcessBuilder terminal =
        new ProcessBuilder(SCRIPT.toString(), "-q", "-c", status, "/dev/null");
    terminal.environment().remove("NO_COLOR");
    terminal.environment().put("TERM", "xterm");
    terminal.environment().putAll(environment);
    Process process = terminal.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return shown;
  }
}
