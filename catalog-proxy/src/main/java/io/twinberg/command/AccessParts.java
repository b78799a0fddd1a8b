package io.twinberg.command;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.AccessConfig;
import io.twinberg.config.Forward;
import io.twinberg.config.OidcConfig;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.TokenConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.Credentials;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.IssuedTokens;
import io.twinberg.proxy.access.OidcTokens;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.audit.RefusalWatch;
import io.twinberg.proxy.audit.RefusedCalls;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.guard.CatalogKind;
import io.twinberg.proxy.guard.GuardedCatalog;
import io.twinberg.proxy.management.FileAccess;
import io.twinberg.proxy.management.ManagedCatalogs;
import io.twinberg.proxy.management.TokenRoutes;
import io.twinberg.proxy.oauth.OwnTokensFirst;
import io.twinberg.proxy.oauth.TokenEndpoint;
import io.twinberg.proxy.oidc.JwtVerifier;
import io.twinberg.proxy.oidc.KeyTimes;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenWatch;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Who may do what in a process, wired from the configuration. */
final class AccessParts implements AutoCloseable {
  private final Clock clock = Clock.systemUTC();
  private final ApiTokens issued;
  private final TokenWatch watch;
  private final Optional<JwtVerifier> oidc;
  private final FileAccess inFile;
  private final AccessPolicy policy;
  private final RefusedCalls refused;

  AccessParts(
      TwinbergConfig config, Database database, MeterRegistry registry, RefusedCalls refused) {
    this.refused = refused;
    this.issued = new ApiTokens(database);
    this.watch = new TokenWatch(issued, database.shared());
    this.oidc =
        config
            .access()
            .flatMap(AccessConfig::oidc)
            .map(issuer -> new JwtVerifier(issuer, clock, KeyTimes.DEFAULT));
    this.inFile = config.access().map(AccessParts::inFile).orElseGet(FileAccess::open);
    FailedAttempts attempts = new FailedAttempts(registry, Ticker.systemTicker());
    this.policy =
        config
            .access()
            .map(access -> AccessPolicy.tokens(tokens(access), others(access), attempts))
            .orElseGet(AccessPolicy::open);
  }

  private List<Credentials> others(AccessConfig access) {
    Set<String> names = access.tokens().stream().map(TokenConfig::name).collect(Collectors.toSet());
    List<Credentials> others = new ArrayList<>();
    others.add(new IssuedTokens(watch, names, clock));
    oidc.map(OidcTokens::new).ifPresent(others::add);
    return others;
  }

  private static FileAccess inFile(AccessConfig access) {
    return new FileAccess(
        false,
        access.tokens().stream()
            .map(token -> new FileAccess.FileToken(token.name(), token.grants()))
            .toList(),
        access.oidc().map(OidcConfig::allGrants).orElse(List.of()));
  }

  private static List<Token> tokens(AccessConfig access) {
    return access.tokens().stream()
        .map(token -> new Token(token.name(), token.secret().reveal(), token.grants()))
        .toList();
  }

  /** Begins to look for tokens that the API makes, in whichever process. */
  void start() {
    watch.start();
  }

  @Override
  public void close() {
    watch.close();
    oidc.ifPresent(JwtVerifier::close);
  }

  /** The part of the management API that makes and revokes tokens. */
  TokenRoutes routes(ManagedCatalogs catalogs) {
    return new TokenRoutes(issued, watch, inFile, catalogs, clock);
  }

  AccessPolicy policy() {
    return policy;
  }

  /**
   * A source behind the check that it needs: with {@code forward: client} none, for the upstream
   * decides by the caller's own credentials.
   */
  ServedCatalog source(SourceConfig source, ServedCatalog next) {
    if (passesCallersOn(source)) {
      return next;
    }
    CatalogKind kind = source.isEmbedded() ? CatalogKind.EMBEDDED : CatalogKind.UPSTREAM;
    return new RefusalWatch(
        "catalog " + source.name(),
        refused,
        new GuardedCatalog(source.name(), kind, new TokenEndpoint(policy), next));
  }

  /** The replicas of a destination behind their check. */
  ServedCatalog destination(String name, ServedCatalog next) {
    return new RefusalWatch(
        "catalog " + name,
        refused,
        new GuardedCatalog(name, CatalogKind.REPLICAS, new TokenEndpoint(policy), next));
  }

  /** What issues tokens to clients that name no catalog. */
  ServedCatalog tokenIssuer(TwinbergConfig config, Map<String, ServedCatalog> sources) {
    return new RefusalWatch("tokens", refused, issuer(config, sources));
  }

  private ServedCatalog issuer(TwinbergConfig config, Map<String, ServedCatalog> sources) {
    return config
        .defaultSource()
        .filter(AccessParts::passesCallersOn)
        .map(source -> sources.get(source.name()))
        .<ServedCatalog>map(source -> new OwnTokensFirst(policy, source))
        .orElseGet(() -> new TokenEndpoint(policy));
  }

  private static boolean passesCallersOn(SourceConfig source) {
    return !source.isEmbedded() && source.forward() == Forward.CLIENT;
  }
}
