package io.twinberg.proxy.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.is;

import io.twinberg.proxy.testing.TestingManagement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who lets a token in, and until when. */
class TokenUseTest extends TokenRoutesSuite {
  /** Each process has a watch of its own. */
  @Test
  void otherProcess_knowsATokenAtOnceAndItsEndSoon() {
    TestingManagement other = process();
    other.watch().start();
    open.add(other.watch());
    ManagementListener there = started(other);

    String secret = made("shared");
    caller(there, secret).get(STATUS).then().statusCode(200);
    caller("s-boss").delete(TOKENS + "/shared").then().statusCode(200);

    await().untilAsserted(() -> caller(there, secret).get(STATUS).then().statusCode(401));
  }

  @Test
  void restart_knowsTheTokensThatThereWere() throws Exception {
    String secret = made("durable");
    listener.close();

    listener = started(process());

    caller(secret).get(STATUS).then().statusCode(200);
  }

  @Test
  void token_atItsEnd_isRefusedWithTheReason() {
    String secret =
        post("{\"name\":\"brief\",\"grants\":[\"manage:viewer\"],\"expiresIn\":\"1h\"}")
            .statusCode(201)
            .extract()
            .path("secret");
    clock.step(Duration.ofMinutes(59));
    caller(secret).get(STATUS).then().statusCode(200);

    clock.step(Duration.ofMinutes(1));

    for (int i = 0; i < 20; i++) {
      caller(secret)
          .get(STATUS)
          .then()
          .statusCode(401)
          .body("error.message", is("The token brief has expired; have another one made."));
    }
    // To have had the right token once is no guess, so that nobody was locked out.
    caller("s-eyes").get(STATUS).then().statusCode(200);
  }

  /** A token of the file that came later takes the place of another one of its name. */
  @Test
  void tokenOfTheFile_takesThePlaceOfAnotherOfItsName() {
    String secret = stored("eyes", "manage:admin");

    caller(secret).get(STATUS).then().statusCode(401);
    caller("s-boss")
        .get(TOKENS)
        .then()
        .body("tokens.name", contains("boss", "eyes", "ops"))
        .body("tokens.origin", contains("file", "file", "file"));
  }

  @Test
  void lastUse_isNotedToTheMinuteByAnotherThread() {
    String secret = made("busy");
    management.watch().start();
    open.add(management.watch());
    caller(secret).get(STATUS).then().statusCode(200);
    awaitLastUse("2026-03-04T05:06:07Z");

    clock.step(Duration.ofSeconds(30));
    caller(secret).get(STATUS).then().statusCode(200);
    clock.step(Duration.ofSeconds(30));
    assertThat(lastUse()).isEqualTo("2026-03-04T05:06:07Z");
    caller(secret).get(STATUS).then().statusCode(200);
    awaitLastUse("2026-03-04T05:07:07Z");
  }

  private void awaitLastUse(String expected) {
    await().untilAsserted(() -> assertThat(lastUse()).isEqualTo(expected));
  }

  private String lastUse() {
    return caller("s-boss").get(TOKENS + "/busy").path("lastUsedAt");
  }
}
