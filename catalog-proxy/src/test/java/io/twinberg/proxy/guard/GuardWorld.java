package io.twinberg.proxy.guard;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.embedded.EmbeddedSettings;
import io.twinberg.identity.Identity;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.Client;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.embedded.EmbeddedEndpoint;
import io.twinberg.proxy.forward.UpstreamCatalog;
import io.twinberg.proxy.forward.UpstreamIdentity;
import io.twinberg.proxy.forward.UpstreamSettings;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.oauth.TokenEndpoint;
import io.twinberg.proxy.replica.MetadataBytes;
import io.twinberg.proxy.replica.ReadAccess;
import io.twinberg.proxy.replica.ReplicaEndpoint;
import io.twinberg.proxy.replica.ReplicaPointers;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replicas;
import io.twinberg.testing.Databases;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.iceberg.inmemory.InMemoryFileIO;

/**
 * One listener over every kind of catalog: {@code lake} (embedded), {@code ours} (an upstream that
 * Twinberg calls as itself), {@code theirs} (one that gets the callers' own credentials) and {@code
 * eu} (replicas); with every kind of caller.
 */
final class GuardWorld implements AutoCloseable {
  static final List<String> GUARDED = List.of("lake", "ours", "eu");
  static final String UPSTREAMS_TOKEN = "of-twinberg-itself";

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  final AccessPolicy policy = policy(tokens(), Clock.fixed(NOW, ZoneOffset.UTC));
  final FakeUpstream upstream = new FakeUpstream();
  private final List<CatalogCall> passed = new CopyOnWriteArrayList<>();
  private final Database database;
  private final EmbeddedCatalog embedded;
  private final UpstreamCatalog asItself;
  private final UpstreamCatalog asCaller;
  private final CatalogListener listener;

  GuardWorld(Path folder) {
    this(folder, CatalogKind.UPSTREAM);
  }

  GuardWorld(Path folder, CatalogKind kindOfOurs) {
    database = Databases.h2(folder);
    embedded =
        EmbeddedCatalog.open(
            database,
            new EmbeddedSettings(
                "lake",
                "memory://" + UUID.randomUUID() + "/warehouse",
                List.of(),
                InMemoryFileIO.class.getName(),
                Map.of()));
    Replicas replicas = new Replicas(database, Clock.systemUTC());
    ServedCatalog destination =
        new ReplicaEndpoint(
            "eu",
            replicas,
            new MirroredNamespaces(database, Clock.systemUTC()),
            new ReplicaPointers(replicas, false),
            new MetadataBytes(1 << 20, location -> new byte[0]),
            new ReadAccess.None());
    asItself =
        upstream("ours", UpstreamIdentity.twinberg(Identity.bearer(UPSTREAMS_TOKEN), 1 << 20));
    asCaller = upstream("theirs", UpstreamIdentity.CALLER);
    listener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0),
            new FixedDirectory(
                Map.of(
                    "lake",
                        guarded(
                            "lake", CatalogKind.EMBEDDED, new EmbeddedEndpoint("lake", embedded)),
                    "ours", guarded("ours", kindOfOurs, asItself),
                    "eu", guarded("eu", CatalogKind.REPLICAS, destination),
                    "theirs", new Entry(() -> asCaller, Optional.empty())),
                Optional.of("theirs")),
            policy,
            List.of());
    listener.start();
  }

  private UpstreamCatalog upstream(String name, UpstreamIdentity identity) {
    UpstreamSettings settings =
        new UpstreamSettings(
            name,
            upstream.uri(),
            Optional.empty(),
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            1 << 20);
    return new UpstreamCatalog(settings, identity);
  }

  private Entry guarded(String name, CatalogKind kind, ServedCatalog inner) {
    ServedCatalog watched =
        call -> {
          passed.add(call);
          return inner.answer(call);
        };
    ServedCatalog guarded = new GuardedCatalog(name, kind, new TokenEndpoint(policy), watched);
    return new Entry(() -> guarded, Optional.empty());
  }

  /** Tokens for every catalog: {@code reader} of it, {@code part-reader} of its namespace a.b … */
  private static List<Token> tokens() {
    return List.of(
        token("reader", "read:%s"),
        token("part-reader", "read:%s/a.b"),
        token("writer", "write:%s"),
        token("part-writer", "write:%s/a.b"),
        token("mixed", "read:%s", "write:%s/a.b"),
        token("other", "write:elsewhere", "write:else-%s/a.b"),
        token("manager", "manage:admin"),
        token("globs", "read:%s/*b", "read:%s/**.pub"));
  }

  private static Token token(String name, String... grants) {
    List<Grant> all =
        Stream.of(grants)
            .flatMap(
                grant ->
                    Stream.of("lake", "ours", "eu", "theirs")
                        .map(catalog -> Grant.parse(grant.formatted(catalog))))
            .distinct()
            .toList();
    return new Token(name, "secret-of-" + name, all);
  }

  /** Every failure is long forgotten when the next call comes. */
  private AccessPolicy policy(List<Token> tokens, Clock clock) {
    FailedAttempts attempts =
        new FailedAttempts(
            new SimpleMeterRegistry(), () -> nanos.addAndGet(Duration.ofHours(3).toNanos()));
    return AccessPolicy.tokens(tokens, attempts, clock, Duration.ofHours(1));
  }

  /** An access token for one of the tokens, as another process issued it some time ago. */
  String accessToken(String name, Duration age) {
    return issuedBy(tokens(), name, "secret-of-" + name, age);
  }

  /** An access token of a process that knows a token by another secret, or one that we lack. */
  String foreignAccessToken(String name) {
    return issuedBy(List.of(new Token(name, "another", List.of())), name, "another", Duration.ZERO);
  }

  private String issuedBy(List<Token> tokens, String name, String secret, Duration age) {
    return policy(tokens, Clock.fixed(NOW.minus(age), ZoneOffset.UTC))
        .issue(new Client(Optional.of(name), secret), "127.0.0.1")
        .orElseThrow()
        .value();
  }

  URI uri(String catalog) {
    return URI.create("http://127.0.0.1:" + listener.port() + "/catalogs/" + catalog);
  }

  int port() {
    return listener.port();
  }

  /** Sends a call and forgets the calls before; without bearer where that is empty. */
  RawAnswer send(
      String bearer, String method, String catalog, String path, String body, String... headers)
      throws Exception {
    passed.clear();
    List<String> all = new ArrayList<>(List.of(headers));
    if (!bearer.isEmpty()) {
      all.add("Authorization: Bearer " + bearer);
    }
    return RawAnswer.to(
        port(), method, "/catalogs/" + catalog + "/" + path, body, all.toArray(String[]::new));
  }

  /** The calls that the guards let pass since the last one was sent. */
  List<CatalogCall> passed() {
    return passed;
  }

  @Override
  public void close() {
    listener.close();
    asItself.close();
    asCaller.close();
    embedded.close();
    upstream.close();
    database.close();
  }
}
