package io.twinberg.proxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.twinberg.proxy.access.Client;
import io.twinberg.testing.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Iceberg's own REST client as engines configure it. */
class IcebergClientTest {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;
  private TokenServer server;

  @AfterEach
  void stop() {
    server.close();
  }

  private RESTCatalog client(String... options) {
    Map<String, String> properties = new HashMap<>();
    properties.put("uri", server.uri() + "/catalogs/lake");
    properties.put("io-impl", "org.apache.iceberg.inmemory.InMemoryFileIO");
    for (int i = 0; i < options.length; i += 2) {
      properties.put(options[i], options[i + 1]);
    }
    RESTCatalog client = new RESTCatalog();
    client.initialize("test", properties);
    return client;
  }

  private static void writeAndRead(RESTCatalog client) {
    TableIdentifier name = TableIdentifier.of("n", "t");
    client.createNamespace(Namespace.of("n"));
    client.createTable(name, SCHEMA).updateProperties().set("a", "b").commit();
    assertThat(client.loadTable(name).properties()).containsEntry("a", "b");
    client.dropTable(name);
    client.dropNamespace(Namespace.of("n"));
  }

  @Test
  void credential_writesAndReads() throws Exception {
    server = TokenServer.withTokens(folder, Duration.ofHours(1), false);
    for (String credential : new String[] {"etl:s-etl", "s-etl"}) {
      try (RESTCatalog client = client("credential", credential)) {
        writeAndRead(client);
      }
    }
    assertThat(server.forms()).allMatch(form -> form.contains("client_credentials"));
  }

  @Test
  void token_writesAndReads() throws Exception {
    server = TokenServer.withTokens(folder, Duration.ofHours(1), false);
    String issued =
        server
            .policy()
            .issue(new Client(Optional.empty(), "s-etl"), "127.0.0.1")
            .orElseThrow()
            .value();
    for (String token : new String[] {"s-etl", issued}) {
      try (RESTCatalog client = client("token", token)) {
        writeAndRead(client);
      }
    }
  }

  @Test
  void bareUri_withWarehouseAndCredential_writesAndReads() throws Exception {
    server = TokenServer.withTokens(folder, Duration.ofHours(1), true);
    try (RESTCatalog client =
        client("uri", server.uri(), "warehouse", "lake", "credential", "etl:s-etl")) {
      writeAndRead(client);
    }
    assertThat(server.upstream.received()).isEmpty();
  }

  @Test
  void wrongCredential_isToldInTheClientsWords() {
    server = TokenServer.withTokens(folder, Duration.ofHours(1), false);

    assertThatThrownBy(() -> client("credential", "etl:wrong"))
        .isInstanceOf(NotAuthorizedException.class)
        .hasMessageContaining("invalid_client");
    assertThatThrownBy(() -> client("token", "wrong"))
        .isInstanceOf(NotAuthorizedException.class)
        .hasMessageContaining("none of Twinberg's");
  }

  /**
   * The client fetches a new token by exchange before the old one expires, again and again. The
   * server's clock is stepped by each exchange, so that a slow machine expires none.
   */
  @Test
  void credential_outlivesItsAccessTokens() throws Exception {
    Duration lifetime = Duration.ofSeconds(2);
    Instant start = Instant.parse("2026-11-22T12:00:00Z");
    SteppedClock clock = new SteppedClock(start);
    server = TokenServer.withTokens(folder, lifetime, false, clock);
    try (RESTCatalog client = client("credential", "etl:s-etl")) {
      for (int exchanges = 1; clock.instant().isBefore(start.plus(lifetime)); exchanges++) {
        awaitExchanges(exchanges);
        clock.step(lifetime.dividedBy(4));
      }

      writeAndRead(client);
    }
    assertThat(server.forms().get(0)).contains("client_credentials");
  }

  private void awaitExchanges(int count) {
    await()
        .until(
            () -> server.forms().stream().filter(form -> form.contains("token-exchange")).count(),
            seen -> seen >= count);
  }

  @Test
  void openServer_acceptsWhateverEnginesSend() throws Exception {
    server = TokenServer.open(folder);
    try (RESTCatalog client = client("credential", "any:thing")) {
      writeAndRead(client);
    }
    try (RESTCatalog client = client("token", "anything")) {
      writeAndRead(client);
    }
  }
}
