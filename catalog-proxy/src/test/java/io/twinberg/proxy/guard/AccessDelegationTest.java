package io.twinberg.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that a source hands out can write, so only writers may ask for them. */
class AccessDelegationTest {
  private static final String HEADER = "X-Iceberg-Access-Delegation";

  @TempDir private static Path folder;
  private static GuardWorld world;

  @BeforeAll
  static void start() {
    world = new GuardWorld(folder);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "writer, ours, a%1Fb, true",
    "writer, ours, x, true",
    "part-writer, ours, a%1Fb, true",
    "mixed, ours, a%1Fb, true",
    "mixed, ours, x, false",
    "reader, ours, a%1Fb, false",
    "part-reader, ours, a%1Fb, false",
    "reader, lake, a%1Fb, false",
    "reader, eu, a%1Fb, true"
  })
  void delegation_isAskedForByWritersOnly(
      String caller, String catalog, String namespace, boolean kept) throws Exception {
    String path = "v1/namespaces/" + namespace + "/tables/t";

    world.send("secret-of-" + caller, "GET", catalog, path, "", HEADER + ": vended-credentials");

    assertThat(world.passed()).hasSize(1);
    assertThat(world.passed().get(0).header(HEADER).isPresent()).isEqualTo(kept);
  }

  @Test
  void delegation_ofForwardedCaller_isTheUpstreamsToDecide() throws Exception {
    world.send("any", "GET", "theirs", "v1/namespaces/a/tables/t", "", HEADER + ": remote-signing");

    var received = world.upstream.received();
    assertThat(received.get(received.size() - 1).header(HEADER)).contains("remote-signing");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X-HTTP-Method-Override: DELETE",
        "x-http-method: DELETE",
        "X-Method-Override: DELETE",
        "X-Original-URL: /v1/namespaces/x",
        "X-Rewrite-URL: /v1/namespaces/x"
      })
  void header_thatWouldMakeItAnotherCall_isTakenOut(String line) throws Exception {
    for (String caller : new String[] {"reader", "part-writer", "writer"}) {
      world.send(
          "secret-of-" + caller,
          "POST",
          "ours",
          "v1/namespaces/a%1Fb/tables/t/metrics",
          "{}",
          line);

      assertThat(world.passed()).hasSize(1);
      assertThat(world.passed().get(0).header(line.split(":")[0])).isEmpty();
    }
  }
}
