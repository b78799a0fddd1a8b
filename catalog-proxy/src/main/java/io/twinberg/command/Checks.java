package io.twinberg.command;

import io.twinberg.command.check.ClockCheck;
import io.twinberg.command.check.DestinationCheck;
import io.twinberg.command.check.Finding;
import io.twinberg.command.check.GrantCheck;
import io.twinberg.command.check.LogFailureCheck;
import io.twinberg.command.check.SourceCheck;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.SourceConfig;
import io.twinberg.config.StorageConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.database.DatabaseException;
import io.twinberg.log.Sources;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.storage.ObjectStores;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All checks of one configuration, over the same parts that {@code serve} would run with. */
final class Checks {
  private final TwinbergConfig config;
  private final ClockCheck clocks = new ClockCheck(Clock.systemUTC());
  private final GrantCheck grants;
  private final List<Finding> findings = new ArrayList<>();

  Checks(TwinbergConfig config) {
    this.config = config;
    this.grants = new GrantCheck(config.access());
  }

  List<Finding> run() {
    try (Database database = Databases.open(config)) {
      findings.add(
          new Finding(
              Finding.Level.OK, "database", "open", database.shared() ? "PostgreSQL" : "H2"));
      findings.add(clocks.compared("database", now(database)));
      config.sources().forEach(source -> source(source, Optional.of(database)));
    } catch (DatabaseException e) {
      findings.add(new Finding(Finding.Level.FAIL, "database", "open", e.getMessage()));
      config.sources().forEach(source -> source(source, Optional.empty()));
    }
    config.destinations().forEach(this::destination);
    findings.add(grants.management());
    return findings;
  }

  private static Instant now(Database database) {
    return database
        .jdbi()
        .withHandle(
            handle -> handle.createQuery("select current_timestamp").mapTo(Instant.class).one());
  }

  private void source(SourceConfig source, Optional<Database> database) {
    String subject = "source " + source.name();
    if (source.isEmbedded() && database.isEmpty()) {
      findings.add(
          new Finding(Finding.Level.WARN, subject, "login and list", "it lies in the database"));
      return;
    }
    try (SourceParts parts = new SourceParts(source, database)) {
      ReplicatorEnds.Source end = parts.end();
      findings.addAll(new SourceCheck(source.name(), end.reader(), end.files()).run());
    } catch (RuntimeException e) {
      findings.add(new Finding(Finding.Level.FAIL, subject, "settings", e.getMessage()));
    }
    findings.add(
        new LogFailureCheck(
                source.onLogFailure(),
                database.flatMap(one -> new Sources(one).keepsMetadataLog(source.name())))
            .of(subject));
    source.uri().ifPresent(uri -> findings.addAll(clocks.server(subject, uri)));
    endpoint(source.storage())
        .ifPresent(uri -> findings.addAll(clocks.server(subject + " store", uri)));
    if (source.isEmbedded()) {
      findings.add(grants.catalog(subject, source.name(), true));
    }
  }

  private void destination(DestinationConfig destination) {
    String subject = "destination " + destination.name();
    try (ObjectStores store = ObjectStores.from(destination.storage().reveal())) {
      findings.addAll(new DestinationCheck(destination.name(), destination.root(), store).run());
    } catch (RuntimeException e) {
      findings.add(new Finding(Finding.Level.FAIL, subject, "settings", e.getMessage()));
    }
    endpoint(destination.storage()).ifPresent(uri -> findings.addAll(clocks.server(subject, uri)));
    findings.add(grants.catalog(subject, destination.name(), false));
  }

  private static Optional<URI> endpoint(StorageConfig storage) {
    return Optional.ofNullable(storage.reveal().get("s3.endpoint")).map(URI::create);
  }
}
