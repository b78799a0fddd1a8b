package io.twinberg.command.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.command.check.Finding.Level;
import io.twinberg.proxy.testing.FakeUpstream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** This machine's clock beside the date that a real HTTP server gives. */
class ClockCheckTest {
  private static List<Finding> skewedBy(Duration skew) {
    try (FakeUpstream server = new FakeUpstream()) {
      return new ClockCheck(Clock.offset(Clock.systemUTC(), skew)).server("store", server.uri());
    }
  }

  @Test
  void server_sameTime_isOk() {
    assertThat(skewedBy(Duration.ZERO)).extracting(Finding::level).containsExactly(Level.OK);
  }

  @Test
  void server_somewhatOff_isAWarning() {
    assertThat(skewedBy(Duration.ofSeconds(-30)))
        .extracting(Finding::level)
        .containsExactly(Level.WARN);
  }

  @Test
  void server_soFarOffThatSignaturesAreRefused_fails() {
    List<Finding> findings = skewedBy(Duration.ofMinutes(20));

    assertThat(findings).extracting(Finding::level).containsExactly(Level.FAIL);
    assertThat(findings.get(0).detail()).contains("NTP");
  }

  @Test
  void server_notThere_saysNothing() {
    assertThat(new ClockCheck(Clock.systemUTC()).server("store", URI.create("http://127.0.0.1:1/")))
        .isEmpty();
  }
}
