package io.twinberg.proxy.capture;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.log.Intent;
import io.twinberg.log.IntentKind;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.FakeUpstream.Reply;
import io.twinberg.proxy.testing.TestProxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mutating route leaves an intent with its kind and targets, and no other route does. */
class CapturedRoutesTest {
  private static final TableIdentifier NESTED =
      TableIdentifier.of(Namespace.of("a.x", "b c"), "t/1");

  @TempDir Path folder;

  static List<Arguments> mutations() {
    String table = "/v1/prod/namespaces/a.x%1Fb%20c/tables/t%2F1";
    String view = "/v1/prod/namespaces/a.x%1Fb%20c/views/t%2F1";
    String named = "{\"stage-create\":false,\"schema\":{\"name\":\"no\"},\"name\":\"t/1\"}";
    String rename =
        "{\"destination\":{\"namespace\":[\"n\"],\"name\":\"new\"},\"source\":{\"namespace\":[\"n\"],\"name\":\"old\"}}";
    String transaction =
        "{\"table-changes\":[{\"updates\":[{\"identifier\":1}],\"identifier\":{\"namespace\":[\"n\"],\"name\":\"one\"}},"
            + "{\"identifier\":{\"namespace\":[\"n\",\"m\"],\"name\":\"two\"},\"requirements\":[]}]}";
    List<TableIdentifier> renamed =
        List.of(TableIdentifier.of("n", "new"), TableIdentifier.of("n", "old"));
    String namespace = "/v1/prod/namespaces/a.x%1Fb%20c";
    List<TableIdentifier> entry = List.of(TableIdentifier.of("a.x", "b c"));
    return List.of(
        row(
            "POST",
            "/v1/prod/namespaces",
            "{\"namespace\":[\"a.x\",\"b c\"]}",
            "CREATE_NAMESPACE",
            entry),
        row("DELETE", namespace, "", "DROP_NAMESPACE", entry),
        row("POST", namespace + "/properties", "{}", "UPDATE_NAMESPACE", entry),
        row("POST", namespace + "/tables", named, "CREATE_TABLE", List.of(NESTED)),
        row(
            "POST",
            namespace + "/tables",
            named.replace("false", "true"),
            "CREATE_TABLE",
            List.of(NESTED)),
        row("POST", namespace + "/register", named, "REGISTER_TABLE", List.of(NESTED)),
        row("POST", table, "{\"updates\":[]}", "UPDATE_TABLE", List.of(NESTED)),
        row("DELETE", table + "?purgeRequested=true", "", "DROP_TABLE", List.of(NESTED)),
        row("POST", table + "/unregister", "", "UNREGISTER_TABLE", List.of(NESTED)),
        row("POST", "/v1/prod/tables/rename", rename, "RENAME_TABLE", renamed),
        row(
            "POST",
            "/v1/prod/transactions/commit",
            transaction,
            "TRANSACTION",
            List.of(TableIdentifier.of("n", "one"), TableIdentifier.of("n", "m", "two"))),
        row("POST", namespace + "/views", named, "CREATE_VIEW", List.of(NESTED)),
        row("POST", view, "{}", "UPDATE_VIEW", List.of(NESTED)),
        row("DELETE", view, "", "DROP_VIEW", List.of(NESTED)),
        row("POST", "/v1/prod/views/rename", rename, "RENAME_VIEW", renamed),
        row("POST", namespace + "/register-view", named, "REGISTER_VIEW", List.of(NESTED)),
        row("POST", "/v1/prod/something/new", "{}", "OTHER", List.of()),
        row("PUT", table, "{}", "OTHER", List.of()),
        row("PATCH", table, "{}", "OTHER", List.of()),
        row("DELETE", "/v1/prod/something", "", "OTHER", List.of()),
        row("POST", "/v1/prod/transactions/commit", "no json", "TRANSACTION", List.of()),
        row("POST", namespace + "/tables", "[]", "CREATE_TABLE", List.of()),
        row(
            "POST",
            "/v1/main/namespaces/a.x%1Fb%20c/tables/t%2F1",
            "{}",
            "UPDATE_TABLE",
            List.of(NESTED)));
  }

  private static Arguments row(
      String method, String path, String body, String kind, List<TableIdentifier> targets) {
    return Arguments.of(method, path, body, IntentKind.valueOf(kind), targets);
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void mutation_leavesAnIntentAndIsForwardedOnce(
      String method, String path, String body, IntentKind kind, List<TableIdentifier> targets)
      throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.config("{\"defaults\":{\"prefix\":\"main\"}}");
      upstream.replies(request -> Reply.empty(204));

      int status =
          proxy
              .send(method, path, body, "X-Request-ID", "r-1", "Idempotency-Key", "k")
              .statusCode();

      assertThat(status).isEqualTo(204);
      assertThat(upstream.received()).hasSize(1);
      assertThat(upstream.received().get(0).body())
          .isEqualTo(body.getBytes(StandardCharsets.UTF_8));
      Intent intent = proxy.intents().get(0);
      assertThat(proxy.intents()).hasSize(1);
      assertThat(intent.kind()).isEqualTo(kind);
      assertThat(intent.reference()).isEqualTo("main");
      assertThat(intent.targets()).containsExactlyInAnyOrderElementsOf(targets);
      assertThat(new String(intent.body(), StandardCharsets.UTF_8)).isEqualTo(body);
      assertThat(intent.committed()).isEmpty();
      assertThat(proxy.events()).containsExactly("opened prod", "settled prod");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/prod/namespaces",
    "HEAD,/v1/prod/namespaces/a/tables/t",
    "POST,/v1/prod/namespaces/a/tables/t/metrics",
    "POST,/v1/prod/namespaces/a/views/v/metrics",
    "POST,/v1/prod/namespaces/a/tables/t/plan",
    "DELETE,/v1/prod/namespaces/a/tables/t/plan/p1",
    "POST,/v1/prod/namespaces/a/tables/t/tasks",
    "POST,/v1/prod/namespaces/a/tables/t/sign",
    "GET,/v1/prod/namespaces/a/tables/t/credentials",
    "POST,/v1/oauth/tokens",
    "POST,/v1/prod/oauth/tokens",
    "POST,/v1/prod/s3sign/blob",
    "POST,/v1/main/s3sign/blob",
    "POST,/v1/prod/aws/s3/sign"
  })
  void otherCall_leavesNoIntent(String method, String path) throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.config("{\"defaults\":{\"prefix\":\"main\"}}");

      assertThat(proxy.send(method, path, "").statusCode()).isEqualTo(200);

      assertThat(upstream.received()).hasSize(1);
      assertThat(proxy.counted("intents")).isZero();
      assertThat(proxy.intents()).isEmpty();
    }
  }
}
