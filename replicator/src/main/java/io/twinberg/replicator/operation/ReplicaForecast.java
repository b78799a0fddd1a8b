package io.twinberg.replicator.operation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.replica.Ledger;
import io.twinberg.replica.LedgerEntry;
import io.twinberg.replica.PrefixMapping;
import io.twinberg.replica.Replica;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.lane.Ends;
import io.twinberg.replicator.mapping.LocationMapping;
import io.twinberg.replicator.mapping.ReplicaFolder;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.merge.Unsupported;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.replicator.plan.CopyForecast;
import io.twinberg.replicator.plan.CopyForecast.Volumes;
import io.twinberg.replicator.publish.KeptPart;
import io.twinberg.replicator.publish.PublishedManifests;
import io.twinberg.replicator.reconcile.Target;
import io.twinberg.replicator.rewrite.RewrittenDelete;
import io.twinberg.replicator.rewrite.RewrittenFile;
import io.twinberg.replicator.settings.ReplicatorEnds;
import io.twinberg.source.LoadResult;
import io.twinberg.source.MetadataJson;
import io.twinberg.storage.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Foretells what the current version of a table brings to one replica, there already or not. */
final class ReplicaForecast {
  /** The folder of a replica that there is not yet; nothing is ever written to it. */
  private static final String NO_REPLICA = "0";

  private final Replicas replicas;
  private final Ledger ledger;
  private final MetadataFiles files;
  private final Clock clock;

  ReplicaForecast(Replicas replicas, Ledger ledger, MetadataFiles files, Clock clock) {
    this.replicas = replicas;
    this.ledger = ledger;
    this.files = files;
    this.clock = clock;
  }

  /**
   * What there is, and what of it would have to be copied.
   *
   * @param step called often; what it throws ends the forecast
   */
  Volumes of(
      LoadResult.Loaded table,
      PlannedReplica planned,
      ReplicatorEnds.Source source,
      ReplicatorEnds.Destination destination,
      Runnable step)
      throws InterruptedException {
    ObjectNode version = parsed(table);
    Optional<ReplicaVersion> held =
        planned.replica().flatMap(replica -> held(replica, destination.store()));
    Target target = planned.target();
    KeptPart kept =
        KeptPart.of(
            target.settings().refs(),
            Ends.bounds(target.settings().retention().orElseGet(destination::retention)),
            version,
            held.map(ReplicaVersion::tree),
            clock.instant());
    CopyForecast forecast =
        new CopyForecast(
            source.files().of(planned::table),
            destination.store(),
            mapping(planned, version, source),
            paths -> manifests(planned, paths),
            paths -> deletes(planned, paths),
            snapshot -> PublishedManifests.targets(held, snapshot, destination.store()),
            step);
    return forecast.of(kept.source(), held.map(ReplicaVersion::tree), kept.expiry());
  }

  private ObjectNode parsed(LoadResult.Loaded table) {
    files.requireWithin(table.metadataLocation(), table.metadata().length);
    try {
      ObjectNode version = MetadataJson.parse(table.metadata());
      Unsupported.check(version);
      return version;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      throw new InvalidMetadataException(table.metadataLocation() + ": " + e.getMessage(), e);
    }
  }

  private Optional<ReplicaVersion> held(Replica replica, ObjectStore destination) {
    return replica
        .metadataLocation()
        .map(
            location ->
                new ReplicaVersion(
                    location, MetadataJson.parse(files.read(destination, location))));
  }

  private LocationMapping mapping(
      PlannedReplica planned, ObjectNode version, ReplicatorEnds.Source source) {
    String folder = folder(planned);
    List<PrefixMapping> prefixes =
        planned
            .replica()
            .map(replica -> replicas.mapping(replica.id()))
            .orElseGet(
                () -> ReplicaFolder.initialMapping(version.path("location").asText(), folder));
    return new LocationMapping(folder, prefixes, source.allowedLocations());
  }

  static String folder(PlannedReplica planned) {
    Target target = planned.target();
    return planned
        .replica()
        .map(Replica::folder)
        .orElseGet(
            () ->
                ReplicaFolder.folderOf(
                    target.root(), target.name().namespace(), target.name().name(), NO_REPLICA));
  }

  private Map<String, RewrittenFile> manifests(PlannedReplica planned, Collection<String> paths) {
    Map<String, RewrittenFile> manifests = new HashMap<>();
    ofKind(planned, LedgerEntry.Kind.MANIFEST, paths)
        .forEach(
            entry ->
                manifests.put(
                    entry.sourcePath(), new RewrittenFile(entry.targetPath(), entry.length())));
    return manifests;
  }

  private Map<String, RewrittenDelete> deletes(PlannedReplica planned, Collection<String> paths) {
    Map<String, RewrittenDelete> deletes = new HashMap<>();
    ofKind(planned, LedgerEntry.Kind.DELETE_FILE, paths)
        .forEach(
            entry ->
                deletes.put(
                    entry.sourcePath(),
                    new RewrittenDelete(entry.targetPath(), entry.length(), entry.paths())));
    return deletes;
  }

  private List<LedgerEntry> ofKind(
      PlannedReplica planned, LedgerEntry.Kind kind, Collection<String> paths) {
    return planned.replica().stream()
        .flatMap(replica -> ledger.find(replica.id(), paths).values().stream())
        .filter(entry -> entry.kind() == kind)
        .toList();
  }
}
