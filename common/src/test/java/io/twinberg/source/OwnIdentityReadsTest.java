package io.twinberg.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.config.Secret;
import io.twinberg.config.SourceAuth;
import io.twinberg.identity.Identities;
import io.twinberg.identity.Identity;
import io.twinberg.source.LoadResult.Denied;
import io.twinberg.source.LoadResult.Failure;
import io.twinberg.source.LoadResult.Loaded;
import io.twinberg.source.LoadResult.Unavailable;
import io.twinberg.testing.SigV4Verifier;
import io.twinberg.testing.SteppedClock;
import io.twinberg.testing.TokenServer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Twinberg's own reads, proven to a catalog that checks. */
class OwnIdentityReadsTest {
  private static final String CONFIG = "/v1/config";
  private static final String TABLE = "/v1/namespaces/n/tables/t?snapshots=all";
  private static final TableIdentifier ID = TableIdentifier.of("n", "t");
  private static final String LOADED =
      "{\"metadata\":{\"table-uuid\":\"u\"},\"metadata-location\":\"s3://b/m.json\"}";

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final TokenServer tokens = new TokenServer();
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private FakeCatalogServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeCatalogServer();
  }

  @AfterEach
  void stop() {
    server.close();
    tokens.close();
  }

  private RestSourceReader reader(Identity identity) {
    return new RestSourceReader(new RestSourceSettings(server.uri(), Optional.empty(), identity));
  }

  private RestSourceReader oauth2() {
    return reader(
        Identities.of(
            new SourceAuth.OAuth2(Secret.of("id:hush"), Optional.of(tokens.uri()), "catalog"),
            server.uri(),
            clock));
  }

  /** Lets the catalog answer those with this token, and others with a status. */
  private void accept(String token, int otherwise) {
    for (String target : List.of(CONFIG, TABLE)) {
      server.on(
          target,
          exchange -> {
            String sent = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            seen.add(target.split("[?]", 2)[0] + " " + sent);
            boolean known = sent.equals("Bearer " + token);
            String body = target.equals(CONFIG) ? "{\"overrides\":{}}" : LOADED;
            FakeCatalogServer.reply(exchange, known ? 200 : otherwise, known ? body : "");
          });
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 419})
  void read_tokenNoLongerKnown_isSentOnceMoreWithANewOne(int status) {
    accept("token-1", status);
    RestSourceReader reader = oauth2();
    assertThat(reader.load(ID)).isInstanceOf(Loaded.class);
    clock.step(Duration.ofMinutes(1));
    accept("token-2", status);
    seen.clear();

    assertThat(reader.load(ID)).isInstanceOf(Loaded.class);
    assertThat(seen)
        .containsExactly(
            "/v1/namespaces/n/tables/t Bearer token-1", "/v1/namespaces/n/tables/t Bearer token-2");
  }

  @Test
  void read_everyTokenRefused_isDeniedAfterOneMore() {
    accept("token-1", 401);
    RestSourceReader reader = oauth2();
    assertThat(reader.load(ID)).isInstanceOf(Loaded.class);
    clock.step(Duration.ofMinutes(1));
    accept("none", 401);
    seen.clear();

    assertThat(reader.load(ID)).isInstanceOf(Denied.class);
    assertThat(seen).hasSize(2);
    assertThat(reader.load(ID)).isInstanceOf(Denied.class);
    assertThat(seen).as("the new token was refused at once, and is kept").hasSize(3);
    assertThat(tokens.forms()).hasSize(2);
  }

  @Test
  void read_fixedTokenRefused_isSentOnce() {
    accept("other", 401);

    assertThat(reader(Identity.bearer("fixed")).load(ID)).isInstanceOf(Denied.class);
    assertThat(seen).containsExactly("/v1/config Bearer fixed");
  }

  @Test
  void read_tokenNotToBeHad_isUnavailableAndSendsNothing() {
    tokens.answers(500, "hush");

    assertThat(oauth2().load(ID))
        .isInstanceOfSatisfying(
            Unavailable.class,
            failure ->
                assertThat(failure.detail())
                    .contains("No token from " + tokens.uri() + ": HTTP 500")
                    .doesNotContain("hush"));
    assertThat(server.targets()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "a b+c", "p|q%r", "é😀", "1/2;3", "~!$&'()*,=:@"})
  void read_signed_holdsForOddNames(String name) {
    SigV4Verifier service = new SigV4Verifier("eu-west-1", "glue", "AKID", "key");
    signedCatalog(service, name);

    assertThat(reader(keys("key")).load(odd(name))).isInstanceOf(Loaded.class);
    assertThat(reader(keys("key")).listTables(odd(name).namespace()))
        .isEqualTo(new Listing.Listed<>(List.of()));
    assertThat(seen).isEmpty();
    assertThat(reader(keys("wrong")).load(odd(name))).isInstanceOf(Failure.class);
    assertThat(seen).isNotEmpty();
  }

  private static TableIdentifier odd(String name) {
    return TableIdentifier.of(Namespace.of(name, "level"), name);
  }

  private Identity keys(String secret) {
    return Identities.of(
        new SourceAuth.SigV4(
            "glue", "eu-west-1", Optional.of(Secret.of("AKID")), Optional.of(Secret.of(secret))),
        server.uri(),
        Clock.systemUTC());
  }

  private void signedCatalog(SigV4Verifier service, String name) {
    RestRoutes routes = new RestRoutes(server.uri() + "/v1/", "%1F", false, false);
    signed(service, CONFIG, "{\"overrides\":{}}");
    signed(service, target(routes.table(odd(name)).toString()), LOADED);
    signed(
        service, target(routes.tables(odd(name).namespace()).toString()), "{\"identifiers\":[]}");
  }

  private String target(String uri) {
    return uri.substring(server.uri().toString().length());
  }

  private void signed(SigV4Verifier service, String target, String body) {
    server.on(
        target,
        exchange -> {
          Optional<String> complaint =
              service.complaint(
                  "GET",
                  exchange.getRequestURI().toString(),
                  exchange.getRequestHeaders(),
                  exchange.getRequestBody().readAllBytes(),
                  Instant.now());
          complaint.ifPresent(seen::add);
          FakeCatalogServer.reply(
              exchange, complaint.isPresent() ? 403 : 200, complaint.isPresent() ? "" : body);
        });
  }
}
