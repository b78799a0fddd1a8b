package io.twinberg.proxy.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.restassured.specification.RequestSpecification;
import io.twinberg.audit.AuditEntry;
import io.twinberg.audit.AuditEvent;
import io.twinberg.audit.AuditFilter;
import io.twinberg.audit.AuditLog;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.guard.CatalogKind;
import io.twinberg.proxy.guard.GuardedCatalog;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.oauth.TokenEndpoint;
import io.twinberg.proxy.replica.MetadataBytes;
import io.twinberg.proxy.replica.ReadAccess;
import io.twinberg.proxy.replica.ReplicaEndpoint;
import io.twinberg.proxy.replica.ReplicaPointers;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.Databases;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What engines are refused for who they are is in the audit; what their source refuses is not. */
class RefusalWatchTest {
  @TempDir private Path folder;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AccessPolicy policy =
      AccessPolicy.tokens(
          List.of(
              new Token(
                  "etl",
                  "s-etl",
                  List.of(
                      Grant.parse("write:lake"),
                      Grant.parse("write:theirs"),
                      Grant.parse("write:replica"))),
              new Token("analyst", "s-analyst", List.of(Grant.parse("read:lake")))),
          new FailedAttempts(registry, Ticker.disabledTicker()));
  private Database database;
  private AuditLog log;
  private RefusedCalls refused;
  private CatalogListener listener;

  @BeforeEach
  void start() {
    database = Databases.h2(folder);
    log = new AuditLog(database, Clock.systemUTC());
    refused = new RefusedCalls(log, Clock.systemUTC(), registry);
    ServedCatalog refusing = call -> IcebergErrors.answer(403, "the upstream says no");
    listener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0),
            new FixedDirectory(
                Map.of(
                    "lake", watched("lake", call -> CatalogAnswer.empty(204)),
                    "replica", watched("replica", replicas()),
                    "theirs", watched("theirs", refusing)),
                Optional.empty()),
            policy,
            List.of());
    listener.start();
  }

  private ServedCatalog replicas() {
    Replicas replicas = new Replicas(database, Clock.systemUTC());
    return new ReplicaEndpoint(
        "replica",
        replicas,
        new MirroredNamespaces(database, Clock.systemUTC()),
        new ReplicaPointers(replicas, false),
        new MetadataBytes(1 << 20, location -> new byte[0]),
        new ReadAccess.None());
  }

  private Entry watched(String name, ServedCatalog next) {
    ServedCatalog guarded =
        new GuardedCatalog(name, CatalogKind.EMBEDDED, new TokenEndpoint(policy), next);
    return new Entry(() -> new RefusalWatch("catalog " + name, refused, guarded), Optional.empty());
  }

  @AfterEach
  void stop() {
    listener.close();
    database.close();
  }

  private RequestSpecification caller(String token) {
    RequestSpecification request = given().baseUri("http://127.0.0.1").port(listener.port());
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private List<AuditEvent> written() {
    refused.write();
    return log.oldest(AuditFilter.ALL, Optional.empty(), 100).stream()
        .map(AuditEntry::event)
        .toList();
  }

  private static String words(AuditEvent event) {
    return "%s %s %s %s"
        .formatted(
            event.actor().orElseThrow(),
            event.subject(),
            event.details().path("status").asInt(),
            event.details().path("calls").asInt());
  }

  @Test
  void refusals_areCountedByWhoWhereAndWhy() {
    caller("").get("/catalogs/lake/v1/config").then().statusCode(401);
    caller("wrong-secret").get("/catalogs/lake/v1/config?q=hidden").then().statusCode(401);
    caller("s-analyst").delete("/catalogs/lake/v1/lake/namespaces/a").then().statusCode(403);
    caller("s-analyst").get("/catalogs/theirs/v1/config").then().statusCode(403);
    caller("s-analyst").get("/catalogs/lake/v1/config").then().statusCode(204);
    caller("")
        .contentType("application/x-www-form-urlencoded; charset=utf-8")
        .body("grant_type=client_credentials&client_id=etl&client_secret=wrong-secret")
        .post("/catalogs/theirs/v1/oauth/tokens")
        .then()
        .statusCode(401);

    List<AuditEvent> entries = written();

    assertThat(entries)
        .map(RefusalWatchTest::words)
        .containsExactlyInAnyOrder(
            "127.0.0.1 catalog lake 401 2",
            "analyst catalog lake 403 1",
            "analyst catalog theirs 403 1",
            "127.0.0.1 catalog theirs 401 1");
    assertThat(entries.toString()).doesNotContain("secret", "s-analyst", "hidden");
  }

  @Test
  void refusalByTheUpstream_isItsOwnMatter() {
    caller("s-etl").get("/catalogs/theirs/v1/config").then().statusCode(403);
    assertThat(written()).isEmpty();
  }

  /** Nobody may write there, whoever it is; an engine that tries again and again is no intruder. */
  @Test
  void writeAtAReadOnlyReplica_isNoRefusalBecauseOfWhoCalls() {
    caller("s-etl").delete("/catalogs/replica/v1/replica/namespaces/a").then().statusCode(403);
    caller("s-etl")
        .contentType("application/json")
        .body("{\"namespace\":[\"a\"]}")
        .post("/catalogs/replica/v1/replica/namespaces")
        .then()
        .statusCode(403);
    assertThat(written()).isEmpty();

    caller("s-analyst").get("/catalogs/replica/v1/config").then().statusCode(403);
    assertThat(written())
        .map(RefusalWatchTest::words)
        .containsExactly("analyst catalog replica 403 1");
  }

  @Test
  void addressThatIsBlocked_isCounted() {
    for (int i = 0; i < 12; i++) {
      caller("guess " + i).get("/catalogs/lake/v1/config");
    }
    assertThat(written())
        .map(RefusalWatchTest::words)
        .containsExactlyInAnyOrder("127.0.0.1 catalog lake 401 10", "127.0.0.1 catalog lake 429 2");
  }
}
