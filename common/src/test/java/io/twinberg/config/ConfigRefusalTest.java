package io.twinberg.config;

import static io.twinberg.config.Configs.problems;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigRefusalTest {
  private static final String EU =
      "destinations: { eu: { root: r, retention: { snapshots: forever } } }\n";

  private static final String NEEDS_FORWARD_AUTH =
      "'forward: twinberg' needs 'forward-auth' with a 'type'; 'type: none' is for catalogs that"
          + " ask nobody who they are";

  /** A file with one thing wrong, and the one line that says so. */
  static Stream<Arguments> refusals() {
    return Stream.of(
        // unknown and duplicate keys
        of("\nserver:\n  hots: x\n", "3: server.hots: unknown key; did you mean 'host'?"),
        of(
            "sources:\n  prod:\n    forwrd: client\n",
            "3: sources.prod.forwrd: unknown key; did you mean 'forward'?"),
        of("nonsense: 1\n", "1: nonsense: unknown key"),
        of(
            "server: { port: 1 }\nserver: { port: 2 }\n",
            "2: server: duplicate key; it stands in line 1 already"),
        of("? [a]\n: b\n", "1: a key must be plain text"),
        of(
            "sources:\n  a:\n    auth: { token: x }\n",
            "3: sources.a.auth.token: belongs to 'type: bearer', not to 'type: none'"),
        // who vouches for callers
        of(
            "access:\n  oidc: { issuer: 'http://id.example', audience: a }\n",
            "2: access.oidc: 'issuer' must be an https URI; http is for loopback hosts only"),
        of(
            "access:\n"
                + "  oidc: { issuer: 'https://id', audience: a, jwks-uri: 'http://10.0.0.1/k' }\n",
            "2: access.oidc: 'jwks-uri' must be an https URI; http is for loopback hosts only"),
        of(
            "access:\n  oidc: { issuer: 'https://id', audience: a, clock-skew: 11m }\n",
            "2: access.oidc: 'clock-skew' must be at most 10m"),
        of(
            "access:\n"
                + "  oidc:\n"
                + "    issuer: https://id\n"
                + "    audience: a\n"
                + "    grants:\n"
                + "      x.y: ['read:replica', 'read:replic']\n",
            "6: access.oidc.grants.x.y[1]: no source or destination is named 'replic'; did you mean"
                + " 'replica'?"),
        // wrong types
        of("server: 8181\n", "1: server: must be a section of keys"),
        of("- a\n", "1: must be a section of keys"),
        of("data-dir: [a]\n", "1: data-dir: must be a single value (folder)"),
        of("server:\n  host:\n", "2: server.host: has no value; write one or leave the key out"),
        of("rules: main\n", "1: rules: must be a list of sections"),
        of(
            "sources: { a: { default: yes } }\n",
            "1: sources.a.default: must be true or false, not 'yes'"),
        of(
            "sources: { a: { forward: both } }\n",
            "1: sources.a.forward: must be client or twinberg, not 'both'"),
        of(
            "sources: { a: { on-log-failure: no } }\n",
            "1: sources.a.on-log-failure: must be forward or reject, not 'no'"),
        of(
            "sources: { a: { auth: { type: basic } } }\n",
            "1: sources.a.auth.type: must be none, bearer, oauth2 or sigv4, not 'basic'"),
        of(
            "sources: { a: { storage: { s3: { region: x } } } }\n",
            "1: sources.a.storage.s3: must be a single value (text)"),
        of(
            "rules: [ { backfill: newest, destinations: [] } ]\n",
            "1: rules[0].backfill: must be ordered or heads-first, not 'newest'"),
        of(
            "rules: [ { expiry-guard: on, destinations: [] } ]\n",
            "1: rules[0].expiry-guard: must be off or hold, not 'on'"),
        of(
            "rules: [ { expiry-guard: hold, expiry-hold: 15, destinations: [] } ]\n",
            "1: rules[0].expiry-hold: must be a duration such as 500ms, 10s, 15m, 2h or 90d, not"
                + " '15'"),
        of(
            "server:\n  host: http://x\n",
            "2: server.host: must be a host name or address without port, not 'http://x'"),
        of("data-dir: ' '\n", "1: data-dir: must not be blank, not ' '"),
        // numbers and durations
        of(
            "server: { port: 65536 }\n",
            "1: server.port: must be a port from 0 (any free one) to 65535, not '65536'"),
        of(
            "management: { port: -1 }\n",
            "1: management.port: must be a port from 0 (any free one) to 65535, not '-1'"),
        of(
            "replicator: { lanes: 0 }\n",
            "1: replicator.lanes: must be a whole number from 1 to 999999999, not '0'"),
        of(
            "reconcile: { interval: 10 }\n",
            "1: reconcile.interval: must be a duration such as 500ms, 10s, 15m, 2h or 90d, not"
                + " '10'"),
        of(
            "reconcile: { settle: 0s }\n",
            "1: reconcile.settle: must be a duration between 1ms and 36500d, not '0s'"),
        of(
            "reconcile: { settle: 999999999d }\n",
            "1: reconcile.settle: must be a duration between 1ms and 36500d, not '999999999d'"),
        of(
            "replicator:\n  retry-max: 10ms\n",
            "1: replicator: 'retry-max' must not be shorter than 'retry-initial'"),
        of(
            "replicator:\n  metadata-tree-limit: 64MB\n",
            "2: replicator.metadata-tree-limit: must be a size such as 512KiB, 64MiB or 2GiB, not"
                + " '64MB'"),
        // database and secrets: values are never quoted
        of("database: { user: x }\n", "1: database: 'url' is missing; it must be written"),
        of(
            "database: { url: 'jdbc:mysql://x/y' }\n",
            "1: database.url: must start with jdbc:postgresql:; for H2 in data-dir leave 'database'"
                + " out"),
        of(
            "database: { url: 'jdbc:postgresql://x/y?user=a&password=pw' }\n",
            "1: database.url: must not hold the password; write it as database.password"),
        of(
            "database:\n  url: jdbc:postgresql://db/x\n  password: ${env:NOPE}\n",
            "3: database.password: environment variable 'NOPE' is not set"),
        of(
            "database:\n  url: jdbc:postgresql://db/x\n  password: ${file:no/such}\n",
            "3: database.password: cannot read file '/etc/twinberg/no/such'"),
        of(
            "database:\n  url: jdbc:postgresql://db/x\n  password: ${vault:x}\n",
            "3: database.password: a reference must be the whole value and read ${env:NAME} or"
                + " ${file:path}"),
        of(
            "database:\n  url: jdbc:postgresql://db/x\n  password: x${env:PORT}\n",
            "3: database.password: a reference must be the whole value and read ${env:NAME} or"
                + " ${file:path}"),
        of(
            "database:\n  url: jdbc:postgresql://db/x\n  password: ${env:EMPTY}\n",
            "3: database.password: must not be empty"),
        of(
            "server:\n  port: ${env:DB_PASSWORD}\n",
            "2: server.port: must be a port from 0 (any free one) to 65535, not"
                + " '${env:DB_PASSWORD}'"),
        // access
        of(
            "server: { host: 0.0.0.0 }\n",
            "1: server.host: a host other than loopback needs 'access'; without it everyone may do"
                + " everything"),
        of(
            "\nmanagement:\n  host: 127.evil.example\n",
            "3: management.host: a host other than loopback needs 'access'; without it everyone may"
                + " do everything"),
        of(
            "access: { tokens: [ { name: a, grants: [] } ] }\n",
            "1: access.tokens[0]: 'secret' is missing; it must be written"),
        of(
            "access: { tokens: [ { secret: a } ] }\n",
            "1: access.tokens[0]: 'name' is missing; it must be written"),
        of(
            "access: { tokens: [ { name: a, secret: b, grants: [delete:x] } ] }\n",
            "1: access.tokens[0].grants[0]: must be write:<catalog> or read:<catalog>, either with"
                + " /<namespace glob>, or manage:<viewer, operator or admin>, not 'delete:x'"),
        of(
            "access: { tokens: [ { name: a, secret: b, grants: [manage:root] } ] }\n",
            "1: access.tokens[0].grants[0]: must be write:<catalog> or read:<catalog>, either with"
                + " /<namespace glob>, or manage:<viewer, operator or admin>, not 'manage:root'"),
        of(
            "access:\n"
                + "  tokens:\n"
                + "    - { name: a, secret: b, grants: [read:main, read:replica] }\n"
                + "    - { name: c, secret: d, grants: [manage:admin, write:mian] }\n",
            "4: access.tokens[1].grants[1]: no source or destination is named 'mian'; did you mean"
                + " 'main'?"),
        of(
            EU
                + "access: { tokens: [ { name: a, secret: b, grants: [read:eu/x, read:replica/x] }"
                + " ] }\n",
            "2: access.tokens[0].grants[1]: no source or destination is named 'replica'"),
        of(
            "access:\n  tokens:\n    - { name: a, secret: b }\n    - { name: a, secret: c }\n",
            "4: access.tokens[1]: has the name of access.tokens[0]"),
        of(
            "access:\n  tokens:\n    - { name: a, secret: b }\n    - { name: c, secret: b }\n",
            "1: access: tokens 'a' and 'c' have the same secret"),
        // sources
        of("sources: { Prod: {} }\n", "1: sources.Prod: a name must be of a-z, 0-9 and hyphens"),
        of(
            "sources:\n  a: { default: true }\n  b: { default: true }\n",
            "3: sources.b.default: 'a' is the default source already"),
        of(
            "sources: { a: { uri: 'http://u:p@x/' } }\n",
            "1: sources.a.uri: must be an http or https URI without user, password and query"),
        of(
            "sources: { a: { uri: 'ftp://x/' } }\n",
            "1: sources.a.uri: must be an http or https URI without user, password and query"),
        of(
            "sources: { a: { warehouse: 'gs://x' } }\n",
            "1: sources.a: warehouse of an embedded catalog must be an s3:// location or a local"
                + " folder"),
        of(
            "sources: { a: { allowed-locations: [ 's3://x/../y' ] } }\n",
            "1: sources.a.allowed-locations[0]: must be an s3:// location or a local folder, not"
                + " 's3://x/../y'"),
        of(
            "sources: { a: { auth: { type: bearer } } }\n",
            "1: sources.a.auth: 'token' is missing; it must be written"),
        of(
            "sources: { replica: {} }\n",
            "1: sources.replica: 'replica' is the name of a destination; sources and destinations"
                + " share one name space"),
        // destinations
        of(
            "sources: { eu: {} }\n" + EU,
            "2: destinations.eu: 'eu' is the name of a source; sources and destinations share one"
                + " name space"),
        of(
            "destinations:\n  eu: { retention: { snapshots: forever } }\n",
            "2: destinations.eu: 'root' is missing; it must be written"),
        of(
            "destinations:\n  eu: { root: x }\n",
            "2: destinations.eu: 'retention' is missing; it must be written"),
        of(
            "destinations:\n  eu: { root: x, retention: {} }\n",
            "2: destinations.eu.retention: must say either 'snapshots: forever' or"
                + " 'max-snapshot-age' with 'min-snapshots-to-keep'"),
        of(
            "destinations:\n"
                + "  eu: { root: x, retention: { snapshots: forever, max-snapshot-age: 1d } }\n",
            "2: destinations.eu.retention: must say either 'snapshots: forever' or"
                + " 'max-snapshot-age' with 'min-snapshots-to-keep'"),
        of(
            "destinations:\n  eu: { root: x, retention: { snapshots: some } }\n",
            "2: destinations.eu.retention.snapshots: must be forever, not 'some'"),
        of(
            "destinations:\n  eu: { root: 'file://host/x', retention: { snapshots: forever } }\n",
            "2: destinations.eu.root: must be a file: URI without host, such as file:/data, not"
                + " 'file://host/x'"),
        of(
            "destinations:\n"
                + "  eu: { root: x, retention: { snapshots: forever }, namespace-mapping: '{table}'"
                + " }\n",
            "2: destinations.eu.namespace-mapping: must be a template of {namespace}, {source} and"
                + " text, not '{table}'"),
        // rules
        of(
            EU + "rules:\n  - { source: mian, destinations: [eu] }\n",
            "3: rules[0].source: no source is named 'mian'; did you mean 'main'?"),
        of(
            EU + "rules:\n  - { destinations: [eu2] }\n",
            "3: rules[0].destinations[0]: no destination is named 'eu2'; did you mean 'eu'?"),
        of(
            "rules:\n  - { source: main }\n",
            "2: rules[0]: 'destinations' is missing; it must be written"),
        of(
            "sources: { a: {}, b: {} }\nrules:\n  - { destinations: [replica] }\n",
            "3: rules[0]: 'source' must be written, for no source is the default"),
        of(
            "rules:\n  - { destinations: [replica] }\n  - { source: main, destinations: [] }\n",
            "3: rules[1]: covers the same as rules[0]"),
        of(
            "rules: [ { namespace: a..b, destinations: [] } ]\n",
            "1: rules[0].namespace: must be a glob without empty levels, not 'a..b'"),
        of(
            "rules: [ { namespace: a**, destinations: [] } ]\n",
            "1: rules[0].namespace: must be a glob in which '**' stands alone in its level, not"
                + " 'a**'"),
        of(
            "rules: [ { except: ['t?'], destinations: [] } ]\n",
            "1: rules[0].except[0]: must be a glob; it knows only '*' and '**', not 't?'"),
        of(
            "rules: [ { namespace: [], destinations: [] } ]\n",
            "1: rules[0].namespace: must be a glob of at least one level"),
        of(
            "rules: [ { table: t, destinations: [] } ]\n",
            "1: rules[0]: a rule with 'table' needs 'namespace'"),
        of(
            "rules: [ { namespace: n, table: a.t, destinations: [] } ]\n",
            "1: rules[0]: 'table' must be one level; its namespace belongs into 'namespace'"),
        of(
            "rules:\n  - { expiry-hold: 15m, destinations: [replica] }\n",
            "2: rules[0]: 'expiry-hold' has no effect without 'expiry-guard: hold'"),
        of(
            "rules:\n  - { expiry-guard: off, expiry-hold: 15m, destinations: [replica] }\n",
            "2: rules[0]: 'expiry-hold' has no effect without 'expiry-guard: hold'"),
        of(
            "rules: [ { priority: 10, destinations: [replica] } ]\n",
            "1: rules[0].priority: must be a priority from 0 to 9, not '10'"),
        of(
            "rules: [ { bandwidth-limit: 63KiB, destinations: [replica] } ]\n",
            "1: rules[0].bandwidth-limit: must be at least 64KiB a second, or copies would hardly end,"
                + " not '63KiB'"),
        of(
            "rules: [ { bandwidth-limit: fast, destinations: [replica] } ]\n",
            "1: rules[0].bandwidth-limit: must be a size such as 512KiB, 64MiB or 2GiB, not 'fast'"),
        of(
            "rules:\n  - { bandwidth-limit: 1MiB, destinations: [] }\n",
            "2: rules[0]: settings for replicas have no effect without destinations"),
        of(
            "rules: [ { refs: main, destinations: [replica] } ]\n",
            "1: rules[0].refs: must be all, not 'main'"),
        of(
            "rules: [ { refs: { branches: ['a?'] }, destinations: [replica] } ]\n",
            "1: rules[0].refs.branches[0]: must be a glob; it knows only '*' and '**', not 'a?'"),
        of(
            "rules: [ { refs: { branch: [main] }, destinations: [replica] } ]\n",
            "1: rules[0].refs.branch: unknown key; did you mean 'branches'?"),
        of(
            "rules: [ { namespace-mapping: 'a..b', destinations: [replica] } ]\n",
            "1: rules[0].namespace-mapping: must be a template without empty levels, not 'a..b'"),
        of(
            "rules: [ { retention: {}, destinations: [replica] } ]\n",
            "1: rules[0].retention: must say either 'snapshots: forever' or 'max-snapshot-age' with 'min-snapshots-to-keep'"),
        of(
            "rules:\n  - { priority: 7, destinations: [] }\n",
            "2: rules[0]: settings for replicas have no effect without destinations"),
        of(
            "rules:\n  - { expiry-guard: hold, destinations: [] }\n",
            "2: rules[0]: 'expiry-guard: hold' has no effect without destinations"),
        of(
            "sources:\n  a:\n    forward: twinberg\n",
            "3: sources.a.forward: the embedded catalog forwards nothing; leave 'forward' out, or"
                + " write 'uri'"),
        of(
            "sources:\n  a:\n    uri: http://x\n    forward: twinberg\n",
            "4: sources.a.forward: " + NEEDS_FORWARD_AUTH),
        of(
            "sources:\n  a:\n    uri: http://x\n    forward: twinberg\n    forward-auth: {}\n",
            "5: sources.a.forward-auth: " + NEEDS_FORWARD_AUTH),
        of(
            "sources:\n  a:\n    uri: http://x\n    forward-auth: { type: none }\n",
            "4: sources.a.forward-auth: has no effect with 'forward: client'; write 'forward:"
                + " twinberg', or leave it out"),
        of(
            "sources:\n"
                + "  a:\n"
                + "    uri: http://x\n"
                + "    forward: client\n"
                + "    forward-auth: { type: none }\n",
            "5: sources.a.forward-auth: has no effect with 'forward: client'; write 'forward:"
                + " twinberg', or leave it out"),
        of(
            "sources:\n  a:\n    credentials: vended\n",
            "3: sources.a.credentials: the embedded catalog vends nothing to Twinberg; leave"
                + " 'credentials' out, or write 'uri'"),
        of(
            "sources:\n"
                + "  a:\n"
                + "    uri: http://x\n"
                + "    credentials: vended\n"
                + "    storage:\n"
                + "      s3.region: r\n"
                + "      s3.access-key-id: x\n",
            "7: sources.a.storage.s3.access-key-id: has no effect with 'credentials: vended'; leave"
                + " it out, or write 'credentials: static'"),
        of(
            "sources:\n"
                + "  a:\n"
                + "    uri: http://x\n"
                + "    credentials: vended\n"
                + "    storage: { client.assume-role.arn: x }\n",
            "5: sources.a.storage.client.assume-role.arn: has no effect with 'credentials: vended';"
                + " leave it out, or write 'credentials: static'"),
        of(
            "sources: { a: { auth: { type: bearer, token: 'a b' } } }\n",
            "1: sources.a.auth: 'token' must be of printable ASCII characters without spaces"),
        of(
            "sources: { a: { auth: { type: oauth2, credential: 'id:' } } }\n",
            "1: sources.a.auth: 'credential' must be client-id:client-secret, or the secret alone"),
        of(
            "sources: { a: { auth: { type: oauth2 } } }\n",
            "1: sources.a.auth: 'credential' is missing; it must be written"),
        of(
            "sources: { a: { auth: { type: sigv4 } } }\n",
            "1: sources.a.auth: 'region' is missing; it must be written"),
        of(
            "sources: { a: { auth: { type: sigv4, region: r, access-key-id: x } } }\n",
            "1: sources.a.auth: 'access-key-id' and 'secret-access-key' belong together"),
        // names
        of(
            "sources:\n  views: {}\n",
            "2: sources.views: 'views' is a path of Iceberg REST; choose another name"),
        // YAML itself
        of(
            "server:\n\thost: x\n",
            "2: broken YAML: while scanning for the next token, found character '\\t(TAB)' that"
                + " cannot start any token. (Do not use \\t(TAB) for indentation)"),
        of(
            "server: { host: x\n",
            "2: broken YAML: while parsing a flow mapping, expected ',' or '}', but got <stream"
                + " end>"),
        of(
            "a: 1\n---\nb: 2\n",
            "2: broken YAML: expected a single document in the stream, but found another document"),
        of("# two\na: \u0007\n", "2: broken YAML: special characters are not allowed"),
        of("server: !!java.net.URL ['http://x']\n", "1: YAML tags are not allowed"),
        of(
            "a: &a [x]\nb: [" + String.join(", ", Collections.nCopies(51, "*a")) + "]\n",
            "2: more than 50 aliases"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void parse_oneThingWrong_saysWhatAndWhere(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly("twinberg.yaml:" + problem);
  }

  @Test
  void parse_manyThingsWrong_reportsAllInTheOrderOfTheFile() {
    assertThatThrownBy(
            () ->
                Configs.parse(
                    """
                    server: { host: 0.0.0.0, port: x }
                    sources:
                      prod: { forwrd: client }
                    destinations:
                      eu: { root: r }
                    rules:
                      - { source: prd, destinations: [eu, us] }
                    replicator: { lanes: many }
                    """))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            """
            twinberg.yaml:1: server.port: must be a port from 0 (any free one) to 65535, not 'x'
            twinberg.yaml:1: server.host: a host other than loopback needs 'access'; without it everyone may do everything
            twinberg.yaml:3: sources.prod.forwrd: unknown key; did you mean 'forward'?
            twinberg.yaml:5: destinations.eu: 'retention' is missing; it must be written
            twinberg.yaml:7: rules[0].source: no source is named 'prd'; did you mean 'prod'?
            twinberg.yaml:7: rules[0].destinations[1]: no destination is named 'us'
            twinberg.yaml:8: replicator.lanes: must be a whole number from 1 to 999999999, not 'many'\
            """);
  }

  @Test
  void parse_aliasThatHoldsItself_ends() {
    assertThat(problems("sources: &s { a: *s }\n"))
        .containsExactly("twinberg.yaml:1: sources.a.a: unknown key");
  }

  @Test
  void load_noFile_saysSo(@TempDir Path folder) {
    Path file = folder.resolve("nope.yaml");
    assertThatThrownBy(() -> ConfigLoader.load(file, name -> null))
        .hasMessage(file + ": no such file");
  }

  @Test
  void load_notText_saysSo(@TempDir Path folder) throws Exception {
    Path file = Files.write(folder.resolve("twinberg.yaml"), new byte[] {'a', ':', (byte) 0xff});
    assertThatThrownBy(() -> ConfigLoader.load(file, name -> null))
        .hasMessage(file + ": is not UTF-8 text");
  }

  private static Arguments of(String yaml, String problem) {
    return Arguments.of(yaml, problem);
  }
}
