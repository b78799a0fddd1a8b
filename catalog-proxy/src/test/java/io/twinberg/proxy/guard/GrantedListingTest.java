package io.twinberg.proxy.guard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What callers with grants for namespaces see of the others: nothing. */
class GrantedListingTest {
  @TempDir private static Path folder;
  private static GuardWorld world;

  @BeforeAll
  static void start() throws Exception {
    world = new GuardWorld(folder);
    for (String levels : new String[] {"a", "a\",\"b", "a\",\"c", "a\",\"b\",\"d", "x", "tab"}) {
      world.send(
          "secret-of-writer",
          "POST",
          "lake",
          "v1/namespaces",
          "{\"namespace\":[\"" + levels + "\"]}");
    }
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @ParameterizedTest
  @CsvSource({
    "writer, '', '[[\"a\"],[\"tab\"],[\"x\"]]'",
    "part-reader, '', '[[\"a\"]]'",
    "part-writer, '', '[[\"a\"]]'",
    "part-reader, ?parent=a, '[[\"a\",\"b\"]]'",
    "part-reader, ?parent=a%1Fb, '[[\"a\",\"b\",\"d\"]]'",
    "reader, ?parent=a, '[[\"a\",\"b\"],[\"a\",\"c\"]]'",
    "part-reader, ?pageToken=&pageSize=1, '[[\"a\"]]'"
  })
  void listing_showsGrantedNamespacesAndTheWayThere(String caller, String query, String expected)
      throws Exception {
    assertThat(list(caller, "lake", query)).hasToString(expected);
  }

  private static JsonNode list(String caller, String catalog, String query) throws Exception {
    RawAnswer answer =
        world.send("secret-of-" + caller, "GET", catalog, "v1/namespaces" + query, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(answer.body()).path("namespaces");
  }

  @Test
  void pages_mayBecomeEmptyButLeadOn() throws Exception {
    RawAnswer first =
        world.send("secret-of-globs", "GET", "lake", "v1/namespaces?pageToken=&pageSize=1", "");
    JsonNode page = new ObjectMapper().readTree(first.body());

    // **.pub may be below every namespace.
    assertThat(page.path("namespaces")).hasToString("[[\"a\"]]");
    assertThat(page.path("next-page-token").isTextual()).isTrue();
  }

  @Test
  void upstreamsAnswer_isReadWithoutCompressionAndLosesItsTag() throws Exception {
    byte[] body = "{\"namespaces\":[[\"a\"],[\"x\"]],\"other\":1}".getBytes(StandardCharsets.UTF_8);
    world.upstream.replies(
        request ->
            new Reply(200, Map.of("ETag", "\"1\"", "Content-Type", "application/json"), body));

    RawAnswer answer =
        world.send(
            "secret-of-part-reader", "GET", "ours", "v1/namespaces", "", "Accept-Encoding: gzip");

    assertThat(answer.body()).isEqualTo("{\"namespaces\":[[\"a\"]],\"other\":1}");
    assertThat(answer.head())
        .containsIgnoringCase("content-type")
        .doesNotContainIgnoringCase("etag");
    assertThat(world.passed().get(0).header("Accept-Encoding")).contains("identity");
  }

  @Test
  void upstreamsAnswer_thatIsNoList_isNotShown() throws Exception {
    world.upstream.replies(request -> Reply.json(200, "[[\"x\"]]"));

    RawAnswer answer = world.send("secret-of-part-reader", "GET", "ours", "v1/namespaces", "");

    assertThat(answer.statusCode()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain("[\"x\"]");
  }
}
