package io.twinberg.command;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.config.DestinationConfig;
import io.twinberg.config.TwinbergConfig;
import io.twinberg.database.Database;
import io.twinberg.proxy.capture.CountingCatalog;
import io.twinberg.proxy.catalog.CallLimit;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.replica.MetadataBytes;
import io.twinberg.proxy.replica.ReadAccess;
import io.twinberg.proxy.replica.ReadLimit;
import io.twinberg.proxy.replica.ReplicaEndpoint;
import io.twinberg.proxy.replica.ReplicaPointers;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replica.Replica;
import io.twinberg.replica.ReplicaListener;
import io.twinberg.replica.Replicas;
import io.twinberg.replicator.metadata.MetadataFiles;
import io.twinberg.storage.ObjectStore;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;

/** The destinations, wired as engines read them. */
final class ReplicaParts {
  /** Reads of replicas at one time, over all destinations. */
  static final int READS = 128;

  private static final long MAX_CACHE_BYTES = 256L << 20;

  /** The share of the heap that the metadata of all destinations' replicas may take. */
  private static final int CACHE_SHARE = 8;

  private final ReplicaPointers pointers;
  private final Map<String, MetadataBytes> caches = new LinkedHashMap<>();
  private final Map<String, ServedCatalog> served = new LinkedHashMap<>();

  ReplicaParts(
      TwinbergConfig config,
      Database database,
      Clock clock,
      Map<String, ? extends ObjectStore> stores,
      MetadataFiles files,
      AccessParts access,
      MeterRegistry registry) {
    Replicas replicas = new Replicas(database, clock);
    MirroredNamespaces namespaces = new MirroredNamespaces(database, clock);
    this.pointers = new ReplicaPointers(replicas, database.shared());
    CallLimit reads = new CallLimit(READS);
    long cacheBytes = cacheBytes(Runtime.getRuntime().maxMemory(), config.destinations().size());
    for (DestinationConfig destination : config.destinations()) {
      ObjectStore store = stores.get(destination.name());
      MetadataBytes metadata =
          new MetadataBytes(cacheBytes, location -> files.read(store, location));
      caches.put(destination.name(), metadata);
      ServedCatalog endpoint =
          new ReplicaEndpoint(
              destination.name(), replicas, namespaces, pointers, metadata, access(destination));
      served.put(
          destination.name(),
          new CountingCatalog(
              destination.name(),
              access.destination(destination.name(), new ReadLimit(reads, endpoint)),
              registry));
    }
  }

  /** What is kept of the metadata of one destination's replicas. */
  static long cacheBytes(long heapBytes, int destinations) {
    return Math.min(MAX_CACHE_BYTES, heapBytes / CACHE_SHARE) / Math.max(1, destinations);
  }

  private static ReadAccess access(DestinationConfig destination) {
    Map<String, String> settings = StorageSettings.forIceberg(destination.client());
    return settings.isEmpty() ? new ReadAccess.None() : new ReadAccess.Static(settings);
  }

  /** Told of everything that this process publishes. */
  ReplicaListener listener() {
    return new ReaderCaches(pointers, caches);
  }

  /** The published metadata of a replica; not to be changed. */
  byte[] published(Replica replica) {
    return caches.get(replica.destination()).of(replica.metadataLocation().orElseThrow());
  }

  /** The catalogs by the names of their destinations. */
  Map<String, ServedCatalog> served() {
    return served;
  }
}
