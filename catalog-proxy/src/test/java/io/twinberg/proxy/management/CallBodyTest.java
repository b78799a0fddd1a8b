package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.DatabaseContract;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A body that does not come is the client's mistake: an answer of its own, and no error of ours.
 */
class CallBodyTest extends DatabaseContract {
  private ManagementListener listener;

  @BeforeEach
  void start() {
    listener =
        new TestingManagement(database, clock)
            .token("boss", "manage:admin")
            .pace(new ClientPace(Duration.ofSeconds(3), 1))
            .start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private static String call(String line) {
    return line
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer s-boss\r\nContent-Type: application/json\r\n"
        + "Content-Length: 100\r\n\r\n{";
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /management/v1/sources", "POST /management/v1/operations"})
  void body_thatBreaksOff_isABadRequest(String line) throws IOException {
    String answer = RawClient.sendAndEnd(listener.port(), call(line));

    assertThat(RawClient.status(answer)).as(answer).isEqualTo(400);
    assertThat(answer).contains("broke off");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /management/v1/sources", "POST /management/v1/operations"})
  void body_thatStandsStill_isATimeout(String line) throws IOException {
    String answer = RawClient.send(listener.port(), call(line));

    assertThat(RawClient.status(answer)).as(answer).isEqualTo(408);
    assertThat(answer).contains("too slowly");
  }
}
