package io.twinberg.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where Nessie is not like other catalogs, clients see Nessie's own answer through the proxy. */
@Tag("nessie")
class NessieQuirksIT {
  private static final String TABLE =
      """
      {"name": "%s", "stage-create": false, "schema": {"type": "struct", "schema-id": 0, "fields":
        [{"id": 1, "name": "id", "type": "long", "required": false}]}}""";

  @TempDir private static Path folder;

  private static NessieUnderTest nessie;

  @BeforeAll
  static void start() {
    nessie = NessieUnderTest.start(folder);
    namespace("quirks");
    HttpResponse<String> created =
        nessie.proxied().call("POST", "/v1/lake/namespaces/quirks/tables", TABLE.formatted("t"));
    assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
  }

  @AfterAll
  static void stop() {
    if (nessie != null) {
      nessie.close();
    }
  }

  private static void namespace(String name) {
    HttpResponse<String> made =
        nessie
            .proxied()
            .call("POST", "/v1/namespaces", "{\"namespace\": [\"%s\"]}".formatted(name));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
  }

  @Test
  void config_withAbsoluteUris_leadsToUsAlone() {
    String direct = nessie.direct().get("/v1/config").body();
    String proxied = nessie.proxied().get("/v1/config").body();

    String nessiesPort = ":" + nessie.nessie().uri().getPort();
    assertThat(direct).contains(nessiesPort);
    assertThat(prefix(direct)).isEqualTo("main");
    assertThat(proxied).doesNotContain(nessiesPort);
    JsonNode config = RestReads.parse(proxied);
    assertThat(config.at("/overrides/prefix").asText()).isEqualTo(Setup.SOURCE);
    assertThat(config.at("/defaults/prefix").isMissingNode()).isTrue();
    assertThat(config.at("/overrides/uri").isMissingNode()).isTrue();
    assertThat(config.has("endpoints")).isEqualTo(RestReads.parse(direct).has("endpoints"));
  }

  private static String prefix(String config) {
    return RestReads.parse(config).at("/defaults/prefix").asText();
  }

  @Test
  void table_loadedThroughTheProxy_hasNoLinkToNessie() {
    String loaded = nessie.proxied().get("/v1/lake/namespaces/quirks/tables/t").body();

    assertThat(RestReads.parse(loaded).at("/metadata/table-uuid").asText()).isNotEmpty();
    assertThat(loaded).doesNotContain(":" + nessie.nessie().uri().getPort());
  }

  @Test
  void table_loaded_hasNoTagAsThereIsNone() {
    HttpResponse<String> loaded = nessie.proxied().get("/v1/lake/namespaces/quirks/tables/t");

    assertThat(loaded.statusCode()).isEqualTo(200);
    assertThat(loaded.headers().firstValue("ETag")).isEmpty();
  }

  @Test
  void warehouse_namedSecond_isReachedByItsEncodedPrefix(@TempDir Path own) {
    try (NessieUnderTest second = NessieUnderTest.startOnSecond(own)) {
      assertThat(prefix(second.direct().get("/v1/config?warehouse=second").body()))
          .isEqualTo("main%7Csecond");
      HttpResponse<String> namespace =
          second.proxied().call("POST", "/v1/lake/namespaces", "{\"namespace\": [\"ns\"]}");
      HttpResponse<String> created =
          second.proxied().call("POST", "/v1/lake/namespaces/ns/tables", TABLE.formatted("t"));

      assertThat(namespace.statusCode()).as(namespace.body()).isEqualTo(200);
      assertThat(created.statusCode()).as(created.body()).isEqualTo(200);
      assertThat(RestReads.parse(created.body()).get("metadata-location").asText())
          .startsWith(NessieUnderTest.SECOND + "/");
      // A client that was given Nessie's own prefix elsewhere is understood, too.
      assertThat(second.proxied().get("/v1/main%7Csecond/namespaces/ns/tables/t").statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void nestedNamespace_inEitherSpelling_isFound() {
    HttpResponse<String> made =
        nessie
            .proxied()
            .call("POST", "/v1/lake/namespaces", "{\"namespace\": [\"quirks\", \"in.ner\"]}");

    assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
    assertThat(nessie.proxied().get("/v1/lake/namespaces/quirks%1Fin.ner").statusCode())
        .isEqualTo(200);
    assertThat(nessie.proxied().get("/v1/lake/namespaces?parent=quirks").body()).contains("in.ner");
  }

  @Test
  void conflict_withoutType_keepsItsEmptyType() {
    String twice = "{\"namespace\": [\"twice\"]}";
    namespace("twice");
    HttpResponse<String> proxied = nessie.proxied().call("POST", "/v1/lake/namespaces", twice);
    HttpResponse<String> direct = nessie.direct().call("POST", "/v1/main/namespaces", twice);

    assertThat(proxied.statusCode()).isEqualTo(409);
    assertThat(proxied.body()).isEqualTo(direct.body());
  }

  @Test
  void commit_onStaleRequirement_isAConflictAsNessieSaysIt() {
    String stale =
        """
        {"requirements": [{"type": "assert-table-uuid", "uuid": "00000000-0000-0000-0000-000000000000"}],
         "updates": [{"action": "set-properties", "updates": {"a": "b"}}]}""";
    HttpResponse<String> proxied =
        nessie.proxied().call("POST", "/v1/lake/namespaces/quirks/tables/t", stale);
    HttpResponse<String> direct =
        nessie.direct().call("POST", "/v1/main/namespaces/quirks/tables/t", stale);

    assertThat(proxied.statusCode()).as(proxied.body()).isEqualTo(409);
    assertThat(RestReads.parse(proxied.body()).at("/error/type"))
        .isEqualTo(RestReads.parse(direct.body()).at("/error/type"));
    // Rejected, for all that Nessie leaves the error without its type.
    assertThat(nessie.twinberg().rows("intent"))
        .filteredOn(row -> String.valueOf(row.get("kind")).equalsIgnoreCase("update_table"))
        .extracting(row -> String.valueOf(row.get("state")).toLowerCase(java.util.Locale.ROOT))
        .contains("rejected");
  }

  /** Nessie breaks the connection amid the body, with which its answer may get lost. */
  @Test
  void body_tooLargeForNessie_isRefusedWithItsOwnStatusOrNotKnown() {
    String filler =
        IntStream.range(0, 12 * 1024)
            .mapToObj(i -> "%01024d".formatted(i))
            .collect(Collectors.joining());
    String body =
        "{\"namespace\": [\"large\"], \"properties\": {\"filler\": \"%s\"}}".formatted(filler);
    List<HttpResponse<String>> answers = new ArrayList<>();
    do {
      answers.add(nessie.proxied().call("POST", "/v1/lake/namespaces", body));
    } while (answers.size() < 10 && answers.get(answers.size() - 1).statusCode() != 413);

    HttpResponse<String> last = answers.remove(answers.size() - 1);
    assertThat(last.statusCode()).as(last.body()).isEqualTo(413);
    assertThat(RestReads.parse(last.body()).at("/error/code").asInt()).isEqualTo(413);
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(RestReads.parse(answer.body()).at("/error/type").asText())
                    .isEqualTo("CommitStateUnknownException"));
  }

  @ParameterizedTest
  @CsvSource({
    "GET,  /namespaces/quirks/tables/t?snapshots=refs, 200",
    "GET,  /namespaces/quirks/tables/t?snapshots=all, 200",
    "HEAD, /namespaces/quirks/tables/t, 204",
    "HEAD, /namespaces/quirks/tables/none, 404",
    "GET,  /namespaces/quirks/tables/none, 404",
    "GET,  /namespaces/quirks/tables?pageToken=&pageSize=1, 200",
    "GET,  /namespaces/quirks/tables?pageToken=bogus&pageSize=1, 400",
    "GET,  /namespaces/quirks/tables/t/credentials, 404",
    "POST, /namespaces/quirks/tables/t/plan, 404",
    "GET,  /namespaces/no%2Fne, 404",
    "GET,  /namespaces/no+ne, 404",
  })
  void call_throughTheProxy_isAnsweredAsNessieAnswersIt(String method, String path, int status) {
    String body = method.equals("POST") ? "{}" : "";
    HttpResponse<String> direct = nessie.direct().call(method, "/v1/main" + path, body);
    HttpResponse<String> proxied = nessie.proxied().call(method, "/v1/lake" + path, body);

    assertThat(direct.statusCode()).as(direct.body()).isEqualTo(status);
    assertThat(proxied.statusCode()).as(proxied.body()).isEqualTo(status);
    if (status < 400) {
      assertThat(proxied.body()).isEqualTo(direct.body());
    }
  }

  @Test
  void tokens_thatNessieDoesNotIssue_areRefusedAsItRefusesThem() {
    String fields = "grant_type=client_credentials&client_id=a&client_secret=b&scope=catalog";
    HttpResponse<String> direct = nessie.direct().form("/v1/oauth/tokens", fields);
    HttpResponse<String> proxied = nessie.proxied().form("/v1/oauth/tokens", fields);

    assertThat(direct.statusCode()).isEqualTo(501);
    assertThat(proxied.statusCode()).as(proxied.body()).isEqualTo(501);
  }
}
