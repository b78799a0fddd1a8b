package io.twinberg.proxy.testing;

import com.github.benmanes.caffeine.cache.Ticker;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.twinberg.audit.AuditLog;
import io.twinberg.audit.BegunActions;
import io.twinberg.config.ConfigLoader;
import io.twinberg.config.Grant;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.operation.OperationLog;
import io.twinberg.operation.TargetedReplicas;
import io.twinberg.proxy.access.AccessPolicy;
import io.twinberg.proxy.access.Credentials;
import io.twinberg.proxy.access.FailedAttempts;
import io.twinberg.proxy.access.IssuedTokens;
import io.twinberg.proxy.access.Token;
import io.twinberg.proxy.audit.ActionEnds;
import io.twinberg.proxy.audit.RefusedCalls;
import io.twinberg.proxy.http.ClientPace;
import io.twinberg.proxy.http.ListenerSettings;
import io.twinberg.proxy.http.ReadinessCheck;
import io.twinberg.proxy.management.ActionAudit;
import io.twinberg.proxy.management.AuditRoutes;
import io.twinberg.proxy.management.CatalogRoutes;
import io.twinberg.proxy.management.DescriptionRoutes;
import io.twinberg.proxy.management.FileAccess;
import io.twinberg.proxy.management.GaugeReadings;
import io.twinberg.proxy.management.KeptCounters;
import io.twinberg.proxy.management.ManagedCatalogs;
import io.twinberg.proxy.management.ManagedRoutes;
import io.twinberg.proxy.management.ManagementListener;
import io.twinberg.proxy.management.NamedCatalog;
import io.twinberg.proxy.management.OperationRoutes;
import io.twinberg.proxy.management.ReplicaGauges;
import io.twinberg.proxy.management.RuleRoutes;
import io.twinberg.proxy.management.StatusRoutes;
import io.twinberg.proxy.management.TokenRoutes;
import io.twinberg.replica.DroppedReplicas;
import io.twinberg.rule.LiveRules;
import io.twinberg.rule.RuleListener;
import io.twinberg.rule.RuleStore;
import io.twinberg.status.CatalogStatuses;
import io.twinberg.status.CheckIntervals;
import io.twinberg.status.LagHistory;
import io.twinberg.status.ReplicaReadings;
import io.twinberg.status.ReplicaStatuses;
import io.twinberg.token.ApiTokens;
import io.twinberg.token.TokenWatch;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Management listeners for tests: the real one, over a database of the test's. */
public final class TestingManagement {
  private static final CheckIntervals INTERVALS =
      new CheckIntervals(Duration.ofMinutes(1), Duration.ofMinutes(15));

  private final Database database;
  private final Clock clock;
  private final ManagedCatalogs catalogs;
  private final LagHistory lags;
  private final List<Token> tokens = new ArrayList<>();
  private final List<ReadinessCheck> checks = new ArrayList<>();
  private final List<Credentials> others = new ArrayList<>();
  private final TokenWatch watch;
  private boolean isOpen;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final RefusedCalls refused;
  private final BegunActions begun;
  private final ActionEnds ends;
  private ClientPace pace = ClientPace.DEFAULT;
  private TwinbergConfig config = ends("");
  private RuleListener ruleListener = (source, difference) -> {};
  private Runnable operationWaits = () -> {};

  /**
   * With sources {@code prod} and {@code test} and destinations {@code eu}, which has an objective
   * of a quarter of an hour, and {@code us}.
   */
  public TestingManagement(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    // Tests put several of these over one H2, as processes are over PostgreSQL.
    this.watch = new TokenWatch(new ApiTokens(database), true);
    this.refused = new RefusedCalls(new AuditLog(database, clock), clock, registry);
    this.begun = new BegunActions(database, clock);
    this.ends = new ActionEnds(begun, registry);
    this.lags = new LagHistory(database, clock, Map.of("eu", Duration.ofMinutes(15)));
    this.catalogs =
        new ManagedCatalogs(
            List.of(new NamedCatalog("prod", "rest"), new NamedCatalog("test", "embedded")),
            List.of(new NamedCatalog("eu", "s3"), new NamedCatalog("us", "file")));
  }

  /** Has rules in its file, as YAML below {@code rules}. */
  public TestingManagement fileRules(String yaml) {
    config = ends("rules:\n" + yaml);
    return this;
  }

  private static TwinbergConfig ends(String rules) {
    return ConfigLoader.parse(
        """
        sources:
          prod: { uri: "http://127.0.0.1:9/" }
          test: {}
        destinations:
          eu: { root: ./eu, retention: { snapshots: forever } }
          us: { root: ./us, retention: { snapshots: forever } }
        """
            + rules,
        Path.of("/nowhere"),
        name -> null);
  }

  /** Tells of rules that have changed. */
  public TestingManagement ruleListener(RuleListener told) {
    ruleListener = told;
    return this;
  }

  /** Knows a token by a secret of {@code s-} and its name. */
  public TestingManagement token(String name, String... grants) {
    tokens.add(new Token(name, "s-" + name, Arrays.stream(grants).map(Grant::parse).toList()));
    return this;
  }

  /** Asks a check whether it is ready. */
  public TestingManagement check(ReadinessCheck check) {
    checks.add(check);
    return this;
  }

  /** Tells of operations that wait. */
  public TestingManagement operationWaits(Runnable told) {
    operationWaits = told;
    return this;
  }

  /** Needs no credential of anybody. */
  public TestingManagement open() {
    isOpen = true;
    return this;
  }

  /** Knows callers by other credentials, too. */
  public TestingManagement credentials(Credentials kind) {
    others.add(kind);
    return this;
  }

  /** What a process knows of the tokens that are made; it does not look by itself. */
  public TokenWatch watch() {
    return watch;
  }

  /** Expects clients to keep another pace. */
  public TestingManagement pace(ClientPace other) {
    pace = other;
    return this;
  }

  /** What was refused and is written when the test says so. */
  public RefusedCalls refused() {
    return refused;
  }

  /** How actions ended that the audit could not record at once. */
  public ActionEnds ends() {
    return ends;
  }

  /** What is measured. */
  public MeterRegistry registry() {
    return registry;
  }

  /** A listener that is not started yet; port 0 for any. */
  public ManagementListener listener(int port) {
    GaugeReadings readings = new GaugeReadings(facts(), lags, database, clock);
    ReplicaGauges.register(registry, readings, lags, catalogs);
    KeptCounters.register(registry, readings, lags, catalogs);
    return new ManagementListener(
        ListenerSettings.at("127.0.0.1", port).withPace(pace),
        checks,
        policy(),
        registry,
        parts(),
        new ActionAudit(begun, ends, refused));
  }

  /** A listener at any port that is started. */
  public ManagementListener start() {
    ManagementListener listener = listener(0);
    listener.start();
    return listener;
  }

  /** Who may do what, which listeners for engines may share. */
  public AccessPolicy policy() {
    if (isOpen) {
      return AccessPolicy.open();
    }
    watch.look();
    Set<String> names = tokens.stream().map(Token::name).collect(Collectors.toSet());
    List<Credentials> kinds = new ArrayList<>(others);
    kinds.add(new IssuedTokens(watch, names, clock));
    // No time passes for it: who is blocked stays so for as long as a slow machine takes.
    return AccessPolicy.tokens(
        tokens, kinds, new FailedAttempts(new SimpleMeterRegistry(), Ticker.disabledTicker()));
  }

  private FileAccess inFile() {
    return isOpen
        ? FileAccess.open()
        : new FileAccess(
            false,
            tokens.stream().map(it -> new FileAccess.FileToken(it.name(), it.grants())).toList(),
            List.of());
  }

  private ReplicaReadings readings() {
    return new ReplicaReadings(database, clock, INTERVALS, Runnable::run);
  }

  private CatalogStatuses facts() {
    return new CatalogStatuses(database, clock, readings());
  }

  private RuleRoutes ruleRoutes() {
    RuleStore store = new RuleStore(database, clock);
    LiveRules rules = new LiveRules(config.fileRules(), store, false);
    rules.start(ruleListener);
    return new RuleRoutes(config.fileRules(), database, store, rules, catalogs);
  }

  private List<ManagedRoutes> parts() {
    return List.of(
        new DescriptionRoutes(),
        new StatusRoutes(
            new ReplicaStatuses(database, clock, INTERVALS, readings()), facts(), catalogs),
        new CatalogRoutes(facts(), lags, catalogs, clock),
        new OperationRoutes(
            new OperationLog(database, clock),
            new TargetedReplicas(database),
            new DroppedReplicas(database, clock),
            catalogs,
            operationWaits),
        new TokenRoutes(new ApiTokens(database), watch, inFile(), catalogs, clock),
        new AuditRoutes(new AuditLog(database, clock), clock, pace),
        ruleRoutes());
  }
}
