package io.twinberg.config;

import static io.twinberg.config.Configs.destination;
import static io.twinberg.config.Configs.parse;
import static io.twinberg.config.Configs.rule;
import static io.twinberg.config.Configs.source;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigMappingTest {
  private static final String KEEP = "retention: { snapshots: forever }";

  @Test
  void listeners_written_areMapped() {
    TwinbergConfig config =
        parse("server: { host: localhost, port: 1 }\nmanagement: { host: '::1', port: 65535 }");
    assertThat(config.server()).isEqualTo(new ServerConfig("localhost", 1, Optional.empty()));
    assertThat(config.management()).isEqualTo(new ManagementConfig("::1", 65535, Optional.empty()));
  }

  @Test
  void tls_ofBothListeners_isFoundFromTheFilesFolder() {
    TwinbergConfig config =
        parse(
            "server: { tls: { certificate: c.pem, key: /k.pem } }\n"
                + "management: { tls: { certificate: /mc.pem, key: ../mk.pem } }");
    assertThat(config.server().tls())
        .contains(new TlsConfig(Path.of("/etc/twinberg/c.pem"), Path.of("/k.pem")));
    assertThat(config.management().tls())
        .contains(new TlsConfig(Path.of("/mc.pem"), Path.of("/etc/mk.pem")));
  }

  @Test
  void listeners_anyHostWithAccess_areMapped() {
    TwinbergConfig config =
        parse("server: { host: 0.0.0.0 }\nmanagement: { host: admin.lan }\naccess: { tokens: [] }");
    assertThat(config.server().host()).isEqualTo("0.0.0.0");
    assertThat(config.management().host()).isEqualTo("admin.lan");
  }

  @Test
  void dataDir_written_movesWhatLiesInIt() {
    TwinbergConfig config = parse("data-dir: ../var/tb");
    assertThat(config.dataDir()).hasToString("/etc/var/tb");
    assertThat(config.sources().get(0).warehouse()).contains("file:/etc/var/tb/warehouse/main");
    assertThat(config.destinations().get(0).root()).isEqualTo("file:/etc/var/tb/replica");
  }

  @Test
  void database_written_isMapped() {
    DatabaseConfig database =
        parse(
                "database:\n"
                    + "  url: jdbc:postgresql://db/tb\n"
                    + "  user: tb\n"
                    + "  password: ${env:DB_PASSWORD}\n")
            .database()
            .orElseThrow();
    assertThat(database)
        .isEqualTo(
            new DatabaseConfig(
                "jdbc:postgresql://db/tb", Optional.of("tb"), Optional.of(Secret.of("s3cr3t-db"))));
  }

  @Test
  void access_written_isMapped() {
    AccessConfig access =
        parse(
                """
                sources: { lake: {} }
                destinations: { eu: { root: r, retention: { snapshots: forever } } }
                access:
                  tokens:
                    - { name: etl, secret: one, grants: ["write:lake", "read:eu"] }
                    - { name: ops, secret: two, grants: ["manage:admin", "manage:viewer", "manage:operator"] }
                    - { name: nothing, secret: 007 }
                """)
            .access()
            .orElseThrow();
    assertThat(access.tokens())
        .containsExactly(
            new TokenConfig(
                "etl", Secret.of("one"), List.of(new Grant.Write("lake"), new Grant.Read("eu"))),
            new TokenConfig(
                "ops",
                Secret.of("two"),
                List.of(
                    new Grant.Manage(Grant.Role.ADMIN),
                    new Grant.Manage(Grant.Role.VIEWER),
                    new Grant.Manage(Grant.Role.OPERATOR))),
            new TokenConfig("nothing", Secret.of("007"), List.of()));
  }

  @Test
  void oidc_everyKey_isMapped() {
    OidcConfig oidc =
        parse(
                """
                access:
                  oidc:
                    issuer: https://id.example/realms/data/
                    audience: twinberg
                    jwks-uri: http://localhost:9/keys
                    claim: realm_access.roles
                    grants: { "data-eng": ["write:main", "read:replica"], "https://x/y z": ["manage:admin"] }
                    name-claim: email
                    clock-skew: 5s
                """)
            .access()
            .flatMap(AccessConfig::oidc)
            .orElseThrow();
    assertThat(oidc)
        .isEqualTo(
            new OidcConfig(
                URI.create("https://id.example/realms/data/"),
                "twinberg",
                Optional.of(URI.create("http://localhost:9/keys")),
                "realm_access.roles",
                Map.of(
                    "data-eng",
                    List.of(new Grant.Write("main"), new Grant.Read("replica")),
                    "https://x/y z",
                    List.of(new Grant.Manage(Grant.Role.ADMIN))),
                "email",
                Duration.ofSeconds(5)));
  }

  @Test
  void source_everyKey_isMapped() {
    SourceConfig source =
        source(
            """
            uri: https://nessie:19120/iceberg
            warehouse: wh
            auth: { type: bearer, token: t }
            forward: twinberg
            forward-auth: { type: none }
            forward-limit: 7
            forward-timeout: 5s
            on-log-failure: reject
            credentials: vended
            storage: { s3.region: eu, s3.path-style-access: true }
            allowed-locations: [ "s3://lake", "s3a://x/y//", data, "file:///abs/p" ]
            """);
    assertThat(source)
        .isEqualTo(
            new SourceConfig(
                "prod",
                true,
                Optional.of(URI.create("https://nessie:19120/iceberg")),
                Optional.of("wh"),
                new SourceAuth.Bearer(Secret.of("t")),
                Forward.TWINBERG,
                Optional.of(new SourceAuth.None()),
                7,
                Duration.ofSeconds(5),
                Optional.of(OnLogFailure.REJECT),
                SourceCredentials.VENDED,
                new StorageConfig(
                    Map.of(
                        "s3.region", Secret.of("eu"), "s3.path-style-access", Secret.of("true"))),
                List.of("s3://lake/", "s3a://x/y/", "file:/etc/twinberg/data/", "file:/abs/p/")));
    assertThat(source.storage().reveal())
        .isEqualTo(Map.of("s3.region", "eu", "s3.path-style-access", "true"));
  }

  @Test
  void sources_oneMarked_isTheDefault() {
    TwinbergConfig config = parse("sources: { a: {}, b: { default: true } }\ndestinations: {}");
    assertThat(config.defaultSource().map(SourceConfig::name)).contains("b");
    assertThat(config.source("a").map(SourceConfig::isDefault)).contains(false);
    assertThat(config.source("c")).isEmpty();
  }

  @Test
  void auth_oauth2_isUnderstood() {
    assertThat(
            source(
                    "auth: { type: oauth2, credential: 'a:b', server-uri: 'http://o/t', scope: all"
                        + " }")
                .auth())
        .isEqualTo(
            new SourceAuth.OAuth2(Secret.of("a:b"), Optional.of(URI.create("http://o/t")), "all"));
  }

  @Test
  void auth_oauth2WithoutScope_asksForIcebergsOwn() {
    assertThat(source("auth: { type: oauth2, credential: x }").auth())
        .isEqualTo(new SourceAuth.OAuth2(Secret.of("x"), Optional.empty(), "catalog"));
  }

  @Test
  void auth_sigv4_isUnderstood() {
    assertThat(
            source(
                    "uri: http://x\n"
                        + "forward: twinberg\n"
                        + "forward-auth: { type: sigv4, signing-name: s3tables, region: us-east-1"
                        + " }")
                .forwardAuth())
        .contains(
            new SourceAuth.SigV4("s3tables", "us-east-1", Optional.empty(), Optional.empty()));
    assertThat(
            source("auth: { type: sigv4, region: r, access-key-id: a, secret-access-key: b }")
                .auth())
        .isEqualTo(
            new SourceAuth.SigV4(
                "execute-api", "r", Optional.of(Secret.of("a")), Optional.of(Secret.of("b"))));
  }

  @ParameterizedTest
  @CsvSource({
    "wh, file:/etc/twinberg/wh",
    "./a/../wh/, file:/etc/twinberg/wh",
    "/abs/wh, file:/abs/wh",
    "file:/abs/wh/, file:/abs/wh",
    "file:///abs/wh, file:/abs/wh",
    "file:wh, file:/etc/twinberg/wh",
    "s3://lake/wh/, s3://lake/wh",
    "s3://lake, s3://lake"
  })
  void location_anyForm_isNormalised(String written, String location) {
    assertThat(source("warehouse: " + written).warehouse()).contains(location);
    assertThat(destination("root: " + written + "\n" + KEEP).root()).isEqualTo(location);
  }

  @Test
  void destination_everyKey_isMapped() {
    assertThat(
            destination(
                """
                root: s3://replica-eu/warehouse/
                storage: { s3.endpoint: "http://s3" }
                client: { s3.secret-access-key: k }
                retention: { max-snapshot-age: 90d, min-snapshots-to-keep: 3 }
                namespace-mapping: "{source}.{namespace}"
                deletion-grace: 3d
                bandwidth-limit: 50MiB
                lag-objective: 15m
                """))
        .isEqualTo(
            new DestinationConfig(
                "eu",
                "s3://replica-eu/warehouse",
                new StorageConfig(Map.of("s3.endpoint", Secret.of("http://s3"))),
                new StorageConfig(Map.of("s3.secret-access-key", Secret.of("k"))),
                new Retention.Bounded(Duration.ofDays(90), 3),
                Duration.ofDays(3),
                new NamespaceMapping("{source}.{namespace}"),
                Optional.of(DataSize.parse("50MiB")),
                Optional.of(Duration.ofMinutes(15))));
  }

  @Test
  void rule_everyKey_isMapped() {
    assertThat(
            rule(
                "{ source: main, namespace: [a.b, 'c*'], table: t, except: ['tmp_*', x.y], "
                    + "destinations: [replica], backfill: heads-first, "
                    + "expiry-guard: hold, expiry-hold: 2h, retention: { max-snapshot-age: 7d }, "
                    + "namespace-mapping: 'x_{namespace}', priority: 0, bandwidth-limit: 64KiB, "
                    + "refs: { branches: ['audit*', a.b], tags: [eod] } }"))
        .isEqualTo(
            new RuleConfig(
                "main",
                Optional.of(new NameGlob(List.of("a.b", "c*"))),
                Optional.of(NameGlob.parse("t")),
                List.of(NameGlob.parse("tmp_*"), new NameGlob(List.of("x", "y"))),
                List.of("replica"),
                Backfill.HEADS_FIRST,
                Optional.of(Duration.ofHours(2)),
                new RuleOverrides(
                    Optional.of(new Retention.Bounded(Duration.ofDays(7), 1)),
                    Optional.of(new NamespaceMapping("x_{namespace}")),
                    new RefSelection.Named(
                        List.of(NameGlob.parse("audit*"), new NameGlob(List.of("a.b"))),
                        List.of(NameGlob.parse("eod"))),
                    0,
                    Optional.of(new DataSize(65_536)))));
  }

  @Test
  void rule_nothingOverridden_leavesAllToTheDestination() {
    assertThat(rule("{ destinations: [replica] }").overrides()).isEqualTo(RuleOverrides.NONE);
    assertThat(rule("{ destinations: [replica], refs: all, priority: 5 }").overrides())
        .isEqualTo(RuleOverrides.NONE);
    assertThat(rule("{ destinations: [replica], refs: {} }").overrides().refs())
        .isEqualTo(new RefSelection.Named(List.of(), List.of()));
  }

  @Test
  void rule_forSomethingElseOrToOthers_saysTheSameOfItsReplicas() {
    RuleConfig rule = rule("{ destinations: [replica], priority: 7, refs: { tags: [eod] } }");

    assertThat(rule.covering("other", Optional.empty(), Optional.empty()).overrides())
        .isEqualTo(rule.overrides());
    assertThat(rule.to(List.of("eu")).overrides()).isEqualTo(rule.overrides());
    assertThat(rule.to(List.of()).overrides()).isEqualTo(RuleOverrides.NONE);
  }

  @Test
  void rule_holdWithoutDuration_holdsForAQuarterOfAnHour() {
    assertThat(rule("{ destinations: [replica], expiry-guard: hold }").expiryHold())
        .contains(Duration.ofMinutes(15));
    assertThat(rule("{ destinations: [replica], expiry-guard: off }").expiryHold()).isEmpty();
  }

  @Test
  void work_written_isMapped() {
    TwinbergConfig config =
        parse(
            """
            replicator: { lanes: 1, copies: 2, retry-initial: 500ms, retry-max: 2h, deletion-interval: 6h,
              metadata-tree-limit: 64KiB, group-hold: 3m }
            reconcile: { interval: 15m, requests-per-second: 3, settle: 10s }
            """);
    assertThat(config.replicator())
        .isEqualTo(
            new ReplicatorConfig(
                1,
                2,
                Duration.ofMillis(500),
                Duration.ofHours(2),
                Duration.ofHours(6),
                new DataSize(65_536),
                Duration.ofMinutes(3)));
    assertThat(config.reconcile())
        .isEqualTo(new ReconcileConfig(Duration.ofMinutes(15), 3, Duration.ofSeconds(10)));
  }

  @Test
  void reference_anyScalar_isResolved() {
    assertThat(parse("server:\n  port: ${env:PORT}\n").server().port()).isEqualTo(9000);
  }

  @Test
  void load_fileWithReferences_resolvesAgainstItsFolder(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("etl.txt"), "line one\nline two\n");
    Path file =
        Files.writeString(
            folder.resolve("twinberg.yaml"),
            "data-dir: data\naccess: { tokens: [ { name: etl, secret: '${file:etl.txt}' } ] }\n");
    TwinbergConfig config = ConfigLoader.load(file, name -> null);
    assertThat(config.dataDir()).isEqualTo(folder.resolve("data"));
    assertThat(config.access().orElseThrow().tokens().get(0).secret().reveal())
        .isEqualTo("line one\nline two");
  }

  @Test
  void alias_sharedSettings_areReadAtEachPlace() {
    TwinbergConfig config =
        parse(
            "sources: { a: { storage: &s3 { s3.region: eu } }, b: { storage: *s3 } }\n"
                + "destinations: {}");
    assertThat(config.sources().get(1).storage()).isEqualTo(config.sources().get(0).storage());
  }
}
