package io.twinberg.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.Forward;
import io.twinberg.config.SourceAuth;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.SourceCredentials;
import io.twinberg.database.Database;
import io.twinberg.embedded.EmbeddedCatalog;
import io.twinberg.embedded.EmbeddedSettings;
import io.twinberg.fault.CrashPoints;
import io.twinberg.files.SourceFiles;
import io.twinberg.files.VendedFiles;
import io.twinberg.identity.Identities;
import io.twinberg.identity.Identity;
import io.twinberg.log.IntentLog;
import io.twinberg.log.Sources;
import io.twinberg.proxy.capture.CaptureListener;
import io.twinberg.proxy.capture.CaptureSettings;
import io.twinberg.proxy.capture.CapturingCatalog;
import io.twinberg.proxy.capture.ChainPolicy;
import io.twinberg.proxy.capture.CountingCatalog;
import io.twinberg.proxy.capture.LogFailurePolicy;
import io.twinberg.proxy.capture.OnLogFailure;
import io.twinberg.proxy.capture.TimedCatalog;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.embedded.EmbeddedEndpoint;
import io.twinberg.proxy.forward.ForwardLimit;
import io.twinberg.proxy.forward.UpstreamCatalog;
import io.twinberg.proxy.forward.UpstreamIdentity;
import io.twinberg.proxy.forward.UpstreamSettings;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.source.CatalogSourceReader;
import io.twinberg.source.RestSourceReader;
import io.twinberg.source.RestSourceSettings;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.LocalFileIO;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.PacedStore;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.iceberg.aws.s3.S3FileIO;

/** One source, wired: how engines reach it, and how the replicator reads it. */
final class SourceParts implements AutoCloseable {
  private final SourceConfig config;
  private final SourceReader reader;
  private final SourceFiles files;
  private final Optional<ObjectStores> store;
  private final Optional<EmbeddedCatalog> embedded;
  private final Identity reading;
  private final Identity forwarding;
  private final Optional<UpstreamCatalog> upstream;
  private final CaptureSettings capture;

  /**
   * @param database where an embedded source's catalog lies, and what is remembered of sources;
   *     absent only where no call is served
   */
  SourceParts(SourceConfig config, Optional<Database> database) {
    this.config = config;
    this.capture = CaptureSettings.of(config.name(), logFailures(config, database));
    this.embedded =
        config.isEmbedded()
            ? Optional.of(embedded(config, database.orElseThrow()))
            : Optional.empty();
    this.reading = identity(config, config.auth());
    this.forwarding = identity(config, config.forwardAuth().orElseGet(SourceAuth.None::new));
    this.upstream =
        config.uri().map(uri -> new UpstreamCatalog(upstreamSettings(config), upstreamIdentity()));
    if (config.credentials() == SourceCredentials.VENDED) {
      RestSourceReader vending = RestSourceReader.vending(readerSettings());
      VendedFiles vended =
          new VendedFiles(config.name(), vending, config.storage().reveal(), Clock.systemUTC());
      this.reader = vended.watching(vending);
      this.files = vended;
      this.store = Optional.empty();
    } else {
      ObjectStores opened = ObjectStores.from(config.storage().reveal());
      this.reader = reader();
      this.files = SourceFiles.in(new PacedStore(config.name(), opened, OptionalLong.empty()));
      this.store = Optional.of(opened);
    }
  }

  private static EmbeddedCatalog embedded(SourceConfig config, Database database) {
    String warehouse = config.warehouse().orElseThrow();
    boolean local = warehouse.startsWith("file:");
    Map<String, String> properties = StorageSettings.forOwnFileIO(config.storage());
    return EmbeddedCatalog.open(
        database,
        new EmbeddedSettings(
            config.name(),
            warehouse,
            config.allowedLocations(),
            local ? LocalFileIO.class.getName() : S3FileIO.class.getName(),
            properties));
  }

  private static Identity identity(SourceConfig config, SourceAuth auth) {
    return config
        .uri()
        .map(uri -> Identities.of(auth, uri, Clock.systemUTC()))
        .orElseGet(Identity::none);
  }

  private UpstreamIdentity upstreamIdentity() {
    return config.forward() == Forward.TWINBERG
        ? UpstreamIdentity.twinberg(forwarding, capture.bodyLimitBytes())
        : UpstreamIdentity.CALLER;
  }

  private static LogFailurePolicy logFailures(SourceConfig config, Optional<Database> database) {
    return config
        .onLogFailure()
        .map(written -> LogFailurePolicy.always(OnLogFailure.valueOf(written.name())))
        .or(() -> database.map(one -> new ChainPolicy(config.name(), new Sources(one))))
        .orElseGet(() -> LogFailurePolicy.always(OnLogFailure.FORWARD));
  }

  private static UpstreamSettings upstreamSettings(SourceConfig config) {
    UpstreamSettings defaults =
        UpstreamSettings.of(config.name(), config.uri().orElseThrow(), config.warehouse());
    return new UpstreamSettings(
        defaults.source(),
        defaults.uri(),
        defaults.warehouse(),
        defaults.connectTimeout(),
        config.forwardTimeout(),
        defaults.rewriteLimitBytes());
  }

  /** The source as engines see it: counted, bounded, captured. */
  CapturedSource served(
      AccessParts access,
      ExpiryGuards guards,
      IntentLog intents,
      CaptureListener listener,
      MeterRegistry registry,
      CrashPoints crashPoints) {
    ServedCatalog origin =
        embedded
            .<ServedCatalog>map(catalog -> new EmbeddedEndpoint(config.name(), catalog))
            .or(() -> upstream)
            .orElseThrow();
    CapturingCatalog capturing =
        new CapturingCatalog(
            capture,
            origin,
            call -> upstream.map(catalog -> catalog.reference(call)).orElse(""),
            guards.of(capture),
            intents,
            listener,
            registry,
            crashPoints);
    ServedCatalog bounded = new ForwardLimit(config.name(), config.forwardLimit(), capturing);
    // The outermost step: nobody is signed for, captured or counted in flight before it.
    ServedCatalog guarded = access.source(config, bounded);
    // What is embedded answers in this process: nothing is forwarded.
    ServedCatalog timed =
        upstream.isPresent() ? new TimedCatalog(config.name(), guarded, registry) : guarded;
    return new CapturedSource(new CountingCatalog(config.name(), timed, registry), capturing);
  }

  /** A served source, and its capturing step, whose late outcomes are to be retried on a timer. */
  record CapturedSource(ServedCatalog catalog, CapturingCatalog capturing) {}

  /** The source as the replicator reads it, with Twinberg's own identity. */
  ReplicatorEnds.Source end() {
    return new ReplicatorEnds.Source(config.name(), reader, files, config.allowedLocations());
  }

  private SourceReader reader() {
    return embedded
        .<SourceReader>map(catalog -> CatalogSourceReader.of(catalog, catalog::metadataLocation))
        .orElseGet(() -> new RestSourceReader(readerSettings()));
  }

  private RestSourceSettings readerSettings() {
    return new RestSourceSettings(
        config.uri().orElseThrow(),
        config.warehouse(),
        reading,
        readTimeout(),
        RestSourceSettings.DEFAULT_MAX_BODY_BYTES);
  }

  /** While one read of ours hangs, everything else of the source waits to be looked at. */
  private Duration readTimeout() {
    Duration forward = config.forwardTimeout();
    Duration longest = RestSourceSettings.DEFAULT_REQUEST_TIMEOUT;
    return forward.compareTo(longest) < 0 ? forward : longest;
  }

  /** Cuts off what is being forwarded: its outcome is unknown, and its caller is told so. */
  void cutOff() {
    upstream.ifPresent(UpstreamCatalog::close);
  }

  SourceConfig config() {
    return config;
  }

  @Override
  public void close() {
    upstream.ifPresent(UpstreamCatalog::close);
    embedded.ifPresent(EmbeddedCatalog::close);
    reading.close();
    forwarding.close();
    files.close();
    store.ifPresent(ObjectStores::close);
  }
}
