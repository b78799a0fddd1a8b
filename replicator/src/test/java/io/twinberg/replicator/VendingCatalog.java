package io.twinberg.replicator;

import io.twinberg.source.CredentialSource;
import io.twinberg.source.Listing;
import io.twinberg.source.LoadResult;
import io.twinberg.source.NamespaceResult;
import io.twinberg.source.SourceReader;
import io.twinberg.source.TableCredentials;
import io.twinberg.source.TableCredentials.Scope;
import io.twinberg.source.Vending;
import io.twinberg.testing.S3Server;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/** A catalog whose keys for its store come and go. */
final class VendingCatalog implements SourceReader, CredentialSource {
  private final SourceReader tables;
  private final S3Server server;
  private final Clock clock;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile TableCredentials vended = TableCredentials.NONE;
  private volatile boolean withLoads;

  VendingCatalog(SourceReader tables, S3Server server, Clock clock) {
    this.tables = tables;
    this.server = server;
    this.clock = clock;
  }

  /** Vends a key from now on, which the store knows. */
  void vend(String key, Optional<Duration> life) {
    server.addKeys(key, secret(key));
    Map<String, String> settings = new HashMap<>();
    settings.put("s3.access-key-id", key);
    settings.put("s3.secret-access-key", secret(key));
    settings.put("s3.session-token", key + "-hushed-token");
    life.ifPresent(
        time ->
            settings.put(
                "s3.session-token-expires-at-ms",
                Long.toString(clock.instant().plus(time).toEpochMilli())));
    vended = new TableCredentials(Map.of(), List.of(new Scope("s3://lake/", settings)));
  }

  /** Vends with every load from now on, not only when asked. */
  void vendWithLoads() {
    withLoads = true;
  }

  int asked() {
    return asked.get();
  }

  private static String secret(String key) {
    return key + "-hushed-secret";
  }

  @Override
  public Vending credentials(TableIdentifier table, TableCredentials before) {
    asked.incrementAndGet();
    return new Vending.Vended(vended);
  }

  @Override
  public Listing<Namespace> listNamespaces() {
    return tables.listNamespaces();
  }

  @Override
  public Listing<TableIdentifier> listTables(Namespace namespace) {
    return tables.listTables(namespace);
  }

  @Override
  public LoadResult load(TableIdentifier table) {
    LoadResult result = tables.load(table);
    return withLoads && result instanceof LoadResult.Loaded loaded
        ? new LoadResult.Loaded(
            loaded.metadataLocation(), loaded.tableUuid(), loaded.metadata(), loaded.etag(), vended)
        : result;
  }

  @Override
  public LoadResult loadIfChanged(TableIdentifier table, String etag) {
    return load(table);
  }

  @Override
  public NamespaceResult namespace(Namespace namespace) {
    return tables.namespace(namespace);
  }

  @Override
  public Listing<TableIdentifier> listViews(Namespace namespace) {
    return tables.listViews(namespace);
  }

  @Override
  public LoadResult loadView(TableIdentifier view) {
    return tables.loadView(view);
  }
}
