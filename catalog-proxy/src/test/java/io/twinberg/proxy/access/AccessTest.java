package io.twinberg.proxy.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Grant;
import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.guard.CatalogKind;
import io.twinberg.proxy.guard.GuardedCatalog;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.oauth.TokenEndpoint;
import io.twinberg.proxy.testing.RawClient;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may do what, over the wire. */
class AccessTest {
  private static final AccessPolicy POLICY =
      AccessPolicy.tokens(
          List.of(
              token("etl", "s-etl", "write:lake"),
              token("analyst", "s-analyst", "read:eu", "read:lake"),
              token("ops", "s-ops", "manage:operator")));

  private final CatalogListener listener =
      new CatalogListener(
          ListenerSettings.at("127.0.0.1", 0),
          new FixedDirectory(
              Map.of(
                  "lake", guarded("lake"),
                  "eu", guarded("eu"),
                  "theirs", new Entry(() -> call -> CatalogAnswer.empty(204), Optional.empty())),
              Optional.empty()),
          POLICY,
          List.of());

  private static Token token(String name, String secret, String... grants) {
    return new Token(name, secret, List.of(grants).stream().map(Grant::parse).toList());
  }

  private static Entry guarded(String name) {
    return new Entry(
        () ->
            new GuardedCatalog(
                name,
                CatalogKind.EMBEDDED,
                new TokenEndpoint(POLICY),
                call -> CatalogAnswer.empty(204)),
        Optional.empty());
  }

  @BeforeEach
  void start() {
    listener.start();
  }

  @AfterEach
  void stop() {
    listener.close();
  }

  private String send(String method, String path, String token) throws Exception {
    String authorization = token.equals("none") ? "" : "Authorization: Bearer " + token + "\r\n";
    return RawClient.send(
        listener.port(),
        method
            + " /catalogs/"
            + path
            + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
            + authorization
            + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,lake/v1/config,s-etl,204",
    "POST,lake/v1/namespaces,s-etl,204",
    "POST,lake/v1/lake/namespaces/a/tables/t,s-etl,204",
    "GET,eu/v1/config,s-etl,403",
    "GET,lake/v1/config,s-analyst,204",
    "HEAD,eu/v1/namespaces/a/tables/t,s-analyst,204",
    "POST,lake/v1/namespaces/a/tables/t/metrics,s-analyst,204",
    "POST,lake/v1/namespaces/a/tables/t,s-analyst,403",
    "DELETE,lake/v1/namespaces/a,s-analyst,403",
    "PUT,lake/v1/anything,s-analyst,403",
    "POST,lake/v1/namespaces/a/tables/t/sign,s-analyst,403",
    "POST,lake/v1/main/s3sign/x,s-analyst,403",
    "GET,lake/v1/config,s-ops,403",
    "GET,lake/v1/config,none,401",
    "GET,lake/v1/config,s-et,401",
    "GET,lake/v1/config,s-etl2,401",
    "POST,lake/v1/namespaces,wrong,401",
    "GET,theirs/v1/config,unknown-to-us,204",
    "POST,theirs/v1/namespaces,none,204"
  })
  void call_isDecidedByTheCallersGrants(String method, String path, String token, int status)
      throws Exception {
    String answer = send(method, path, token);

    assertThat(RawClient.status(answer)).as(answer).isEqualTo(status);
    if (status == 401) {
      assertThat(answer).contains("NotAuthorizedException").containsIgnoringCase("www-auth");
    }
    if (status == 403 && !method.equals("HEAD")) {
      assertThat(answer).contains("ForbiddenException", "lacks the grant");
    }
  }

  @Test
  void unknownCatalog_namesOnlyWhatTheCallerMaySee() throws Exception {
    assertThat(send("GET", "nope/v1/config", "s-etl")).contains("catalog: lake.");
    assertThat(send("GET", "nope/v1/config", "none")).contains("none that you may see");
  }

  @Test
  void managementRole_impliesTheLesserOnes() {
    Caller ops = POLICY.caller(Optional.of("bearer s-ops"), "192.0.2.1");

    assertThat(ops.name()).isEqualTo("ops");
    assertThat(ops.access().mayManage(Grant.Role.VIEWER)).isTrue();
    assertThat(ops.access().mayManage(Grant.Role.OPERATOR)).isTrue();
    assertThat(ops.access().mayManage(Grant.Role.ADMIN)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Basic s-etl", "Bearer", "Bearer ", "s-etl", "Bearer s-etl, Bearer x"})
  void authorization_thatIsNoKnownBearer_isAnonymous(String authorization) {
    assertThat(POLICY.caller(Optional.of(authorization), "192.0.2.1").name())
        .isEqualTo("anonymous");
  }

  @Test
  void openPolicy_allowsEverything() {
    Caller anyone = AccessPolicy.open().caller(Optional.empty(), "127.0.0.1");

    assertThat(anyone.access().mayWrite("lake")).isTrue();
    assertThat(anyone.access().mayManage(Grant.Role.ADMIN)).isTrue();
  }

  @Test
  void token_isPrintedWithoutItsSecret() {
    assertThat(token("etl", "s-etl", "write:lake").toString()).doesNotContain("s-etl");
  }
}
