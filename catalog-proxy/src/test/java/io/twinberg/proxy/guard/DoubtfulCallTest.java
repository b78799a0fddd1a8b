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

/** G12: calls that somebody behind us could take for others than those that were checked. */
class DoubtfulCallTest {
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
  @ValueSource(
      strings = {
        "v1/namespaces/a%1fb/tables/t",
        "v1/ours/namespaces/a%1Fb/tables/t",
        "v1/namespaces/%61%1F%62/tables/t",
        "v1/namespaces/a%1Fb/tables/a%20table%21",
        "v1/namespaces/a%1Fb%1Fgr%C3%BC%C3%9Fe/tables/t.with.dots"
      })
  void path_writtenInAnotherWay_isTheSamePath(String path) throws Exception {
    world.send("secret-of-part-reader", "GET", "ours", path, "");

    assertThat(world.passed()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // The namespace is another, or none of ours.
        "v1/namespaces/a%1FB/tables/t",
        "v1/namespaces/a.b/tables/t",
        "v1/namespaces/a%2Eb/tables/t",
        "v1/namespaces/a%1F%1Fb/tables/t",
        "v1/namespaces/%1Fa%1Fb/tables/t",
        "v1/namespaces/a%1Fb%1F/tables/t",
        "v1/namespaces//tables/t",
        "v1//namespaces/a%1Fb/tables/t",
        "v1/namespaces/a%1Fb/tables/t/",
        "v1/namespaces/a%1Fb//tables/t",
        // Whose separator is something else, or who decodes twice.
        "v1/namespaces/a%1Fb.x/tables/t",
        "v1/namespaces/a%1Fb%2Ex/tables/t",
        "v1/namespaces/a%1Fb:x/tables/t",
        "v1/namespaces/a%251Fb/tables/t",
        "v1/namespaces/a%1Fb%252Fx/tables/t",
        "v1/namespaces/a%1Fb%1F%2e%2e/tables/t",
        "v1/namespaces/a%1Fb/tables/%252e%252e",
        "v1/namespaces/a%1Fb/tables/t%2F..%2F..%2F..%2Fx%2Ftables%2Ft",
        "v1/namespaces/a%1Fb/tables/t%5C..%5Cx",
        "v1/namespaces/a%1Fb/tables/t%00",
        "v1/namespaces/a%1Fb/tables/t;x=y",
        "v1/namespaces/a%1Fb;x/tables/t",
        "v1/namespaces/a%1Fb/tables/t+u",
        "v1/namespaces/a%1Fb+c/tables/t",
        "v1/namespaces/a%1Fb/tables/t%3Fx",
        "v1/namespaces/a%1Fb/tables/%C0%AF",
        "v1/namespaces/a%1Fb/tables/%ZZ",
        "v1/namespaces/a%1Fb/tables/%",
        // A prefix of the upstream, or a route that only looks like one.
        "v1/main/namespaces/a%1Fb/tables/t",
        "v1/ours/ours/namespaces/a%1Fb/tables/t",
        "v1/Namespaces/a%1Fb/tables/t",
        "v1/%6Eamespaces/a%1Fb/tables/t",
        "v1/namespaces;x/a%1Fb/tables/t",
        "v1/namespaces/a%1Fb/Tables/t",
        "v1/oauth/tokens/../../namespaces/x",
        "v1/oauth/anything"
      })
  void path_inDoubt_isRefusedToPartialGrants(String path) throws Exception {
    for (String caller : new String[] {"part-reader", "part-writer"}) {
      RawAnswer answer = world.send("secret-of-" + caller, "GET", "ours", path, "");

      assertThat(world.passed()).isEmpty();
      assertThat(answer.statusCode()).isIn(400, 403);
    }
  }

  /** The grants are {@code *b} and {@code **.pub}: wide, so that a wrong cut would show. */
  @ParameterizedTest
  @CsvSource({
    "b, 1",
    "tab, 1",
    "tab%1Fbelow, 1",
    "priv%1Fpub, 1",
    "pub%1Fx, 1",
    "priv, 0",
    "priv.pub, 0",
    "priv.b, 0",
    "priv%2Fpub, 0",
    "priv;b, 0",
    "priv%1Fb, 0"
  })
  void glob_isNotStretchedByOtherSeparators(String namespace, int passes) throws Exception {
    world.send("secret-of-globs", "GET", "ours", "v1/namespaces/" + namespace, "");

    assertThat(world.passed()).hasSize(passes);
  }

  /** Our own catalog cuts at %1F alone, so that a dot is a character like others there. */
  @Test
  void dotsInLevels_areNoDoubtInOurOwnCatalog() throws Exception {
    world.send("secret-of-globs", "GET", "lake", "v1/namespaces/x.y%20b", "");

    assertThat(world.passed()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"source\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"x\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"x\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"},"
            + "\"source\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",\"b\"],\"namespace\":[\"x\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":\"a.b\",\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",[\"b\"]],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",\"b.x\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}",
        "{\"source\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"},"
            + "\"destination\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}{}",
        "[]",
        "",
        "no JSON"
      })
  void renameBody_inDoubtOrElsewhere_isRefused(String body) throws Exception {
    RawAnswer answer =
        world.send("secret-of-part-writer", "POST", "ours", "v1/tables/rename", body);

    assertThat(world.passed()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"table-changes\":[]}",
        "{\"table-changes\":[CHANGE,{\"requirements\":[]}]}",
        "{\"table-changes\":[CHANGE,{\"identifier\":{\"namespace\":[\"x\"],\"name\":\"t\"}}]}",
        "{\"table-changes\":[CHANGE],\"table-changes\":[]}",
        "{\"table-changes\":[CHANGE,[]]}",
        "{\"table-changes\":CHANGE}"
      })
  void transaction_withAChangeElsewhere_isRefusedWhole(String body) throws Exception {
    String change = "{\"identifier\":{\"namespace\":[\"a\",\"b\"],\"name\":\"t\"}}";

    RawAnswer answer =
        world.send(
            "secret-of-part-writer",
            "POST",
            "ours",
            "v1/transactions/commit",
            body.replace("CHANGE", change));

    assertThat(world.passed()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void body_thatHadToBeRead_goesOnWhole() throws Exception {
    String body = "{ \"namespace\": [\"a\",\"b\",\"new\"], \"properties\": {} }";

    world.send("secret-of-part-writer", "POST", "ours", "v1/namespaces", body);

    assertThat(world.passed()).hasSize(1);
    var received = world.upstream.received();
    assertThat(received.get(received.size() - 1).body()).asString().isEqualTo(body);
  }

  @Test
  void compressedBody_thatNamesNamespaces_isRefused() throws Exception {
    String body = "{\"namespace\":[\"a\",\"b\",\"new\"]}";

    RawAnswer answer =
        world.send(
            "secret-of-part-writer",
            "POST",
            "ours",
            "v1/namespaces",
            body,
            "Content-Encoding: gzip");

    assertThat(world.passed()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "parent=x",
        "parent=a%1Fb&parent=x",
        "parent=a%1Fb&Parent=x",
        "parent=a%1Fb&p%61rent=x",
        "a=b;parent=x",
        "parent=a.b",
        "parent=%ZZ"
      })
  void parent_inDoubtOrElsewhere_isRefused(String query) throws Exception {
    RawAnswer answer =
        world.send("secret-of-part-reader", "GET", "ours", "v1/namespaces?" + query, "");

    assertThat(world.passed()).isEmpty();
    assertThat(answer.statusCode()).isEqualTo(403);
  }

  /** A reader of everything must not come by credentials that write. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1/namespaces/a/tables/t%2Fcredentials",
        "v1/namespaces/a%2Ftables%2Ft%2Fcredentials",
        "v1/namespaces/a/tables/t/%63redentials",
        "v1/namespaces/a/tables/t/Credentials",
        "v1/namespaces/a/tables/t/credentials/",
        "v1/namespaces/a/tables/t/credentials;x",
        "v1/namespaces/a/tables/t/plan/..%2Fcredentials",
        "v1/main/namespaces/a/tables/t/%2563redentials"
      })
  void credentials_howeverWritten_areForWriters(String path) throws Exception {
    RawAnswer refused = world.send("secret-of-reader", "GET", "ours", path, "");
    assertThat(world.passed()).isEmpty();
    assertThat(refused.statusCode()).isEqualTo(403);

    world.send("secret-of-writer", "GET", "ours", path, "");
    assertThat(world.passed()).hasSize(1);
  }
}
