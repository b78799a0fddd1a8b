package io.twinberg.proxy.oauth;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.embedded.EmbeddedSettings;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.embedded.EmbeddedEndpoint;
import io.twinberg.proxy.forward.UpstreamCatalog;
import io.twinberg.proxy.forward.UpstreamIdentity;
import io.twinberg.proxy.forward.UpstreamSettings;
import io.twinberg.proxy.guard.CatalogKind;
import io.twinberg.proxy.guard.GuardedCatalog;
import io.twinberg.proxy.http.CatalogListener;
import io.twinberg.proxy.http.FixedDirectory;
import io.twinberg.proxy.http.FixedDirectory.Entry;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.testing.Databases;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.iceberg.inmemory.InMemoryFileIO;

/** A listener over {@code lake} (embedded) and {@code theirs} (an upstream with its own tokens). */
final class TokenServer implements AutoCloseable {
  final FakeUpstream upstream = new FakeUpstream();
  private final List<String> forms = new CopyOnWriteArrayList<>();
  private final AccessPolicy policy;
  private final Database database;
  private final EmbeddedCatalog embedded;
  private final UpstreamCatalog theirs;
  private final CatalogListener listener;

  /** With tokens, whose access tokens live so long. */
  static TokenServer withTokens(Path folder, Duration lifetime, boolean defaultForwards) {
    return withTokens(folder, lifetime, defaultForwards, Clock.systemUTC());
  }

  /** With tokens, whose access tokens live so long by this clock. */
  static TokenServer withTokens(
      Path folder, Duration lifetime, boolean defaultForwards, Clock clock) {
    List<Token> tokens =
        List.of(
            new Token("etl", "s-etl", List.of(Grant.parse("write:lake"))),
            new Token("odd", "100%+:sure", List.of(Grant.parse("read:lake"))));
    FailedAttempts attempts =
        new FailedAttempts(new SimpleMeterRegistry(), Ticker.disabledTicker());
    return new TokenServer(
        folder, AccessPolicy.tokens(tokens, attempts, clock, lifetime), defaultForwards);
  }

  /** By whatever policy. */
  static TokenServer with(Path folder, AccessPolicy policy) {
    return new TokenServer(folder, policy, false);
  }

  /** Without any. */
  static TokenServer open(Path folder) {
    return new TokenServer(folder, AccessPolicy.open(), false);
  }

  private TokenServer(Path folder, AccessPolicy policy, boolean defaultForwards) {
    this.policy = policy;
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
    theirs =
        new UpstreamCatalog(
            new UpstreamSettings(
                "theirs",
                upstream.uri(),
                Optional.empty(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                1 << 20),
            UpstreamIdentity.CALLER);
    ServedCatalog lake =
        new GuardedCatalog(
            "lake",
            CatalogKind.EMBEDDED,
            recording(new TokenEndpoint(policy)),
            new EmbeddedEndpoint("lake", embedded));
    ServedCatalog bare =
        defaultForwards ? new OwnTokensFirst(policy, theirs) : new TokenEndpoint(policy);
    listener =
        new CatalogListener(
            ListenerSettings.at("127.0.0.1", 0),
            new FixedDirectory(
                Map.of(
                    "lake", new Entry(() -> lake, Optional.empty()),
                    "theirs", new Entry(() -> theirs, Optional.empty())),
                defaultForwards ? Optional.of("theirs") : Optional.empty(),
                Optional.of(bare)),
            policy,
            List.of());
    listener.start();
  }

  private ServedCatalog recording(ServedCatalog next) {
    return call -> next.answer(recorded(call));
  }

  private CatalogCall recorded(CatalogCall call) {
    try {
      byte[] body = call.body().readAllBytes();
      forms.add(new String(body, StandardCharsets.UTF_8));
      return call.withBody(new ByteArrayInputStream(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The forms that clients of the lake have sent to its token endpoint. */
  List<String> forms() {
    return forms;
  }

  AccessPolicy policy() {
    return policy;
  }

  int port() {
    return listener.port();
  }

  String uri() {
    return "http://127.0.0.1:" + port();
  }

  @Override
  public void close() {
    listener.close();
    theirs.close();
    embedded.close();
    upstream.close();
    database.close();
  }
}
