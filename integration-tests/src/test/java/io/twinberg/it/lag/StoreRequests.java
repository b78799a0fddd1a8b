package io.twinberg.it.lag;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * The requests that replicating one append takes of the stores, one after another and with nothing
 * between them: what the stores alone need.
 */
final class StoreRequests implements AutoCloseable {
  private final ObjectStore source;
  private final ObjectStore destination;

  StoreRequests(TwoStores stores) {
    this.source = ObjectStores.from(stores.source().properties());
    this.destination = ObjectStores.from(stores.destination().properties());
  }

  /** The files of one append at the source, and the replica's metadata of it. */
  private record Increment(String list, String manifest, String data, byte[] metadata) {}

  /** How long the requests for one append take, with its own files. */
  Duration time(Table table, Snapshot snapshot, String replicaMetadata) throws IOException {
    ManifestFile manifest =
        snapshot.dataManifests(table.io()).stream()
            .filter(one -> one.snapshotId() == snapshot.snapshotId())
            .findFirst()
            .orElseThrow();
    Increment increment =
        new Increment(
            snapshot.manifestListLocation(),
            manifest.path(),
            dataFile(manifest, table),
            read(destination, replicaMetadata));
    long start = System.nanoTime();
    send(increment, "s3://copy/bench/" + UUID.randomUUID() + "/");
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static String dataFile(ManifestFile manifest, Table table) throws IOException {
    try (ManifestReader<DataFile> files = ManifestFiles.read(manifest, table.io(), table.specs())) {
      return files.iterator().next().location();
    }
  }

  private void send(Increment increment, String folder) throws IOException {
    byte[] list = read(source, increment.list());
    byte[] manifest = read(source, increment.manifest());
    destination.put(folder + "data", read(source, increment.data()));
    destination.put(folder + "manifest", manifest);
    destination.put(folder + "list", list);
    destination.put(folder + "metadata", increment.metadata());
  }

  private static byte[] read(ObjectStore store, String location) throws IOException {
    try (InputStream in = store.open(location)) {
      return in.readAllBytes();
    }
  }

  @Override
  public void close() {
    source.close();
    destination.close();
  }
}
