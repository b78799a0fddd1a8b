package io.twinberg.proxy.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.twinberg.config.Grant;
import io.twinberg.database.Database;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.testing.TestingManagement;
import io.twinberg.testing.Databases;
import io.twinberg.token.ApiToken;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenSecret;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NotAuthorizedException;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that the API made, in the hands of Iceberg's own REST client. */
class IssuedTokenClientTest {
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.required(1, "id", Types.LongType.get()));

  @TempDir private Path folder;
  private final TokenSecret writer = TokenSecret.random();
  private final TokenSecret reader = TokenSecret.random();
  private Database database;
  private ApiTokens store;
  private TestingManagement management;
  private TokenServer server;

  @BeforeEach
  void start() {
    database = Databases.h2(folder.resolve("tokens"));
    store = new ApiTokens(database);
    create("writer", writer, "write:lake");
    create("reader", reader, "read:lake");
    management = new TestingManagement(database, Clock.systemUTC());
    AccessPolicy policy = management.policy();
    server = TokenServer.with(folder.resolve("lake"), policy);
  }

  private void create(String name, TokenSecret secret, String grant) {
    ApiToken token =
        new ApiToken(
            name,
            secret.hash(),
            TokenSecret.randomKey(),
            List.of(Grant.parse(grant)),
            "boss",
            Clock.systemUTC().instant(),
            Optional.empty(),
            Optional.empty());
    assertThat(store.create(token)).isEqualTo(ApiTokens.Creation.CREATED);
  }

  @AfterEach
  void stop() {
    server.close();
    database.close();
  }

  private RESTCatalog client(String option, String value) {
    Map<String, String> properties = new HashMap<>();
    properties.put("uri", server.uri() + "/catalogs/lake");
    properties.put("io-impl", "org.apache.iceberg.inmemory.InMemoryFileIO");
    properties.put(option, value);
    RESTCatalog client = new RESTCatalog();
    client.initialize("test", properties);
    return client;
  }

  private String accessToken(TokenSecret secret) {
    return RestAssured.given()
        .contentType(ContentType.URLENC)
        .formParam("grant_type", "client_credentials")
        .formParam("client_secret", secret.value())
        .post(server.uri() + "/catalogs/lake/v1/oauth/tokens")
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  @Test
  void everyWayToPresentIt_writesAndReads() throws Exception {
    Map<String, String> ways =
        Map.of("token", writer.value(), "credential", "writer:" + writer.value());
    for (Map.Entry<String, String> way : ways.entrySet()) {
      try (RESTCatalog client = client(way.getKey(), way.getValue())) {
        writeAndRead(client);
      }
    }
    try (RESTCatalog client = client("credential", writer.value())) {
      writeAndRead(client);
    }
    try (RESTCatalog client = client("token", accessToken(writer))) {
      writeAndRead(client);
    }
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
  void readersToken_mayNotWrite() throws Exception {
    try (RESTCatalog client = client("credential", "reader:" + reader.value())) {
      assertThat(client.listNamespaces()).isEmpty();
      assertThatThrownBy(() -> client.createNamespace(Namespace.of("n")))
          .isInstanceOf(ForbiddenException.class);
    }
    assertThatThrownBy(() -> client("credential", "writer:" + reader.value()))
        .isInstanceOf(NotAuthorizedException.class);
  }

  @Test
  void revocation_endsTheSecretAndWhatWasGivenForIt() throws Exception {
    String access = accessToken(writer);
    try (RESTCatalog bySecret = client("token", writer.value());
        RESTCatalog byAccess = client("token", access);
        RESTCatalog byCredential = client("credential", writer.value())) {
      List<RESTCatalog> clients = List.of(bySecret, byAccess, byCredential);
      clients.forEach(client -> assertThat(client.listNamespaces()).isEmpty());

      store.revoke("writer", Set.of(), true, Clock.systemUTC().instant());
      management.watch().look();

      for (RESTCatalog client : clients) {
        assertThatThrownBy(client::listNamespaces).isInstanceOf(NotAuthorizedException.class);
      }
    }
    RestAssured.given()
        .contentType(ContentType.URLENC)
        .formParam("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
        .formParam("subject_token", access)
        .formParam("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
        .post(server.uri() + "/catalogs/lake/v1/oauth/tokens")
        .then()
        .statusCode(400);
  }
}
