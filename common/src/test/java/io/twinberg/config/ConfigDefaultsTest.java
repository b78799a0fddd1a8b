package io.twinberg.config;

import static io.twinberg.config.Configs.parse;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigDefaultsTest {
  private static final TwinbergConfig DEFAULTS = ConfigLoader.defaults(Configs.FOLDER);

  @Test
  void defaults_withoutFile_listenOnLoopback() {
    assertThat(DEFAULTS.server()).isEqualTo(new ServerConfig("127.0.0.1", 8181, Optional.empty()));
    assertThat(DEFAULTS.management())
        .isEqualTo(new ManagementConfig("127.0.0.1", 8182, Optional.empty()));
  }

  @Test
  void defaults_withoutFile_keepEverythingInTheDataFolder() {
    assertThat(DEFAULTS.dataDir()).hasToString("/etc/twinberg/twinberg-data");
    assertThat(DEFAULTS.database()).isEmpty();
    assertThat(DEFAULTS.access()).isEmpty();
  }

  @Test
  void defaults_withoutFile_haveOneEmbeddedSource() {
    assertThat(DEFAULTS.sources())
        .containsExactly(
            new SourceConfig(
                "main",
                true,
                Optional.empty(),
                Optional.of("file:/etc/twinberg/twinberg-data/warehouse/main"),
                new SourceAuth.None(),
                Forward.CLIENT,
                Optional.empty(),
                64,
                Duration.ofSeconds(60),
                Optional.empty(),
                SourceCredentials.STATIC,
                StorageConfig.NONE,
                List.of("file:/etc/twinberg/twinberg-data/warehouse/main/")));
  }

  @Test
  void defaults_withoutFile_haveOneLocalDestinationForTheWholeCatalog() {
    assertThat(DEFAULTS.destinations())
        .containsExactly(
            new DestinationConfig(
                "replica",
                "file:/etc/twinberg/twinberg-data/replica",
                StorageConfig.NONE,
                StorageConfig.NONE,
                new Retention.Forever(),
                Duration.ofDays(1),
                new NamespaceMapping("{namespace}"),
                Optional.empty(),
                Optional.empty()));
    assertThat(DEFAULTS.rules()).containsExactly(RuleConfig.wholeCatalog("main", "replica"));
  }

  @Test
  void defaults_withoutFile_boundTheWork() {
    assertThat(DEFAULTS.replicator())
        .isEqualTo(
            new ReplicatorConfig(
                8,
                16,
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofDays(1),
                new DataSize(512 << 20),
                Duration.ofMinutes(15)));
    assertThat(DEFAULTS.reconcile())
        .isEqualTo(new ReconcileConfig(Duration.ofSeconds(60), 20, Duration.ofMinutes(15)));
  }

  @Test
  void parse_emptySections_equalTheDefaults() {
    assertThat(parse("# nothing\n")).isEqualTo(DEFAULTS);
    assertThat(parse("server: {}\nmanagement:\nreplicator:\nreconcile: {}\n")).isEqualTo(DEFAULTS);
  }

  @Test
  void rules_sourcesOrDestinationsWritten_defaultToNone() {
    assertThat(parse("sources: { prod: { uri: 'http://up/iceberg' } }").rules()).isEmpty();
    assertThat(parse("destinations: {}").rules()).isEmpty();
  }

  @Test
  void sources_writtenEmpty_areNone() {
    assertThat(parse("sources: {}").sources()).isEmpty();
    assertThat(parse("destinations:").destinations()).isEmpty();
  }

  @Test
  void rule_leftOut_meansDefaultSourceAndEverything() {
    assertThat(Configs.rule("{ destinations: [replica] }"))
        .isEqualTo(RuleConfig.wholeCatalog("main", "replica"));
  }

  @Test
  void destination_onlyTheNeeded_hasDefaults() {
    assertThat(Configs.destination("root: s3://b/w\nretention: { max-snapshot-age: 1d }"))
        .isEqualTo(
            new DestinationConfig(
                "eu",
                "s3://b/w",
                StorageConfig.NONE,
                StorageConfig.NONE,
                new Retention.Bounded(Duration.ofDays(1), 1),
                Duration.ofDays(1),
                NamespaceMapping.SAME,
                Optional.empty(),
                Optional.empty()));
  }

  @Test
  void oidc_onlyTheNeeded_hasDefaults() {
    OidcConfig oidc =
        parse("access: { oidc: { issuer: 'https://id', audience: a } }")
            .access()
            .flatMap(AccessConfig::oidc)
            .orElseThrow();
    assertThat(oidc)
        .isEqualTo(
            new OidcConfig(
                URI.create("https://id"),
                "a",
                Optional.empty(),
                "groups",
                Map.of(),
                "sub",
                Duration.ofSeconds(60)));
    assertThat(parse("access: {}").access())
        .contains(new AccessConfig(List.of(), Optional.empty()));
  }

  @Test
  void source_upstream_hasNoWarehouseAndKnowsNoRoot() {
    SourceConfig source = Configs.source("uri: http://up/iceberg");
    assertThat(source.isEmbedded()).isFalse();
    assertThat(source.warehouse()).isEmpty();
    assertThat(source.allowedLocations()).isEmpty();
  }

  @Test
  void source_upstreamWarehouseIsLocation_allowsThatLocation() {
    assertThat(Configs.source("uri: http://up\nwarehouse: s3://lake/wh").allowedLocations())
        .containsExactly("s3://lake/wh/");
    assertThat(Configs.source("uri: http://up\nwarehouse: wh").allowedLocations()).isEmpty();
  }

  @Test
  void sources_severalUnmarked_haveNoDefault() {
    TwinbergConfig config = parse("sources: { a: {}, b: {} }\ndestinations: {}");
    assertThat(config.defaultSource()).isEmpty();
  }
}
