package io.twinberg.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MaskedConfigTest {
  private static final List<String> SECRETS =
      List.of(
          "s3cr3t-db",
          "tok-en",
          "be-arer",
          "AKIA",
          "wJal",
          "hidden-1",
          "hidden-2",
          "hidden-3",
          "hidden-4",
          "hidden-5",
          "hidden-6",
          "hidden-7");

  private static final TwinbergConfig FULL =
      Configs.parse(
          """
          database: { url: "jdbc:postgresql://db/tb", user: tb, password: "${env:DB_PASSWORD}" }
          access:
            tokens:
              - { name: etl, secret: tok-en, grants: ["write:prod", "manage:admin"] }
            oidc:
              issuer: https://id
              audience: a
              grants: { data.eng: ["write:prod", "read:eu/x.*"] }
          sources:
            prod:
              default: true
              uri: http://up/iceberg
              auth: { type: bearer, token: be-arer }
              forward: twinberg
              forward-auth: { type: oauth2, credential: "id:hidden-6" }
              storage:
                s3.region: eu-west-1
                s3.access-key-id: AKIA
                s3.secret-access-key: wJal
                s3.session-token: hidden-1
            glue:
              uri: http://glue/iceberg
              auth: { type: sigv4, region: eu-west-1, access-key-id: AKIA, secret-access-key: hidden-7 }
          destinations:
            eu:
              root: s3://r/w
              storage: { adls.sas-token.x: hidden-2, adls.auth.shared-key.account.key: hidden-3, s3.sse.key: hidden-4 }
              client: { s3.PASSWORD: hidden-5 }
              retention: { snapshots: forever }
          rules:
            - { namespace: [a.b, c], table: "t*", except: ["tmp_*", x.y], destinations: [eu],
                expiry-guard: hold, expiry-hold: 1h, retention: { snapshots: forever },
                namespace-mapping: "{source}.{namespace}", priority: 9, bandwidth-limit: 3MiB,
                refs: { branches: [main, "a*"], tags: [] } }
          """);

  @Test
  void masked_defaults_readBackAsTheSame() {
    TwinbergConfig defaults = ConfigLoader.defaults(Configs.FOLDER);
    assertThat(Configs.parse(defaults.masked())).isEqualTo(defaults);
  }

  @Test
  void masked_fullConfig_readsBackWithEverythingButSecrets() {
    TwinbergConfig again = Configs.parse(FULL.masked());
    assertThat(again.masked()).isEqualTo(FULL.masked());
    assertThat(again.rules()).isEqualTo(FULL.rules());
    assertThat(again.access().orElseThrow().oidc()).isEqualTo(FULL.access().orElseThrow().oidc());
    assertThat(again.destinations().get(0).retention())
        .isEqualTo(FULL.destinations().get(0).retention());
    assertThat(again.sources().get(0).storage().reveal())
        .containsEntry("s3.region", "eu-west-1")
        .containsEntry("s3.access-key-id", "****");
  }

  @Test
  void prints_fullConfig_holdNoSecret() {
    assertThat(FULL.masked()).contains("eu-west-1", "****").doesNotContain(SECRETS);
    assertThat(FULL.toString()).contains("eu-west-1", "****").doesNotContain(SECRETS);
  }

  @Test
  void masked_defaults_showEveryEffectiveValue() {
    assertThat(ConfigLoader.defaults(Configs.FOLDER).masked())
        .isEqualTo(
            """
            server:
              host: 127.0.0.1
              port: 8181
            management:
              host: 127.0.0.1
              port: 8182
            data-dir: /etc/twinberg/twinberg-data
            log-retention: 30d
            audit-retention: 400d
            sources:
              main:
                default: true
                warehouse: file:/etc/twinberg/twinberg-data/warehouse/main
                auth:
                  type: none
                forward: client
                forward-limit: 64
                forward-timeout: 1m
                credentials: static
                storage: {}
                allowed-locations:
                - file:/etc/twinberg/twinberg-data/warehouse/main/
            destinations:
              replica:
                root: file:/etc/twinberg/twinberg-data/replica
                storage: {}
                client: {}
                retention:
                  snapshots: forever
                deletion-grace: 1d
                namespace-mapping: '{namespace}'
            rules:
            - source: main
              except: []
              destinations:
              - replica
              backfill: ordered
              expiry-guard: 'off'
              refs: all
              priority: 5
            replicator:
              lanes: 8
              copies: 16
              retry-initial: 1s
              retry-max: 30s
              deletion-interval: 1d
              metadata-tree-limit: 512MiB
              group-hold: 15m
            reconcile:
              interval: 1m
              requests-per-second: 20
              settle: 15m
            """);
  }
}
