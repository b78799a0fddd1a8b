package io.twinberg.command;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.AccessConfig;
import io.twinberg.config.Forward;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.audit.RefusalWatch;
import io.twinberg.proxy.audit.RefusedCalls;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.guard.CatalogKind;
import io.twinberg.proxy.guard.GuardedCatalog;
import io.twinberg.proxy.oauth.OwnTokensFirst;
import io.twinberg.proxy.oauth.TokenEndpoint;
import java.util.List;
import java.util.Map;

/** Who may do what in a process, wired from the configuration. */
final class AccessParts {
  private final AccessPolicy policy;
  private final RefusedCalls refused;

  AccessParts(TwinbergConfig config, MeterRegistry registry, RefusedCalls refused) {
    this.refused = refused;
    FailedAttempts attempts = new FailedAttempts(registry, Ticker.systemTicker());
    this.policy =
        config
            .access()
            .map(access -> AccessPolicy.tokens(tokens(access), attempts))
            .orElseGet(AccessPolicy::open);
  }

  private static List<Token> tokens(AccessConfig access) {
    return access.tokens().stream()
        .map(token -> new Token(token.name(), token.secret().reveal(), token.grants()))
        .toList();
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
        source.isEmbedded(),
        refused,
        new GuardedCatalog(source.name(), kind, new TokenEndpoint(policy), next));
  }

  /** The replicas of a destination behind their check. */
  ServedCatalog destination(String name, ServedCatalog next) {
    return new RefusalWatch(
        "catalog " + name,
        true,
        refused,
        new GuardedCatalog(name, CatalogKind.REPLICAS, new TokenEndpoint(policy), next));
  }

  /** What issues tokens to clients that name no catalog. */
  ServedCatalog tokenIssuer(TwinbergConfig config, Map<String, ServedCatalog> sources) {
    return new RefusalWatch("tokens", true, refused, issuer(config, sources));
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
