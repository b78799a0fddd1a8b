package io.twinberg.it.backfill;

import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestWriter;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/** A table of many manifests with many small files each, in one commit. */
final class LargeTable implements AutoCloseable {
  private static final int COLUMNS = 10;
  private static final int FILE_BYTES = 4096;
  private static final int THREADS = 8;
  private static final Schema SCHEMA =
      new Schema(
          IntStream.rangeClosed(1, COLUMNS)
              .mapToObj(i -> Types.NestedField.optional(i, "c" + i, Types.LongType.get()))
              .toList());

  private final RESTCatalog catalog = new RESTCatalog();
  private final TableIdentifier name =
      TableIdentifier.of(BackfillLake.NAMESPACE, BackfillLake.TABLE);

  /** Data files are written by Twinberg's own store, in half the time that S3FileIO takes. */
  private final ObjectStore files;

  LargeTable(URI uri, Map<String, String> storage) {
    files = ObjectStores.from(storage);
    Map<String, String> properties = new HashMap<>(storage);
    properties.put(CatalogProperties.URI, uri.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("client.region", storage.get("s3.region"));
    properties.put("rest-metrics-reporting-enabled", "false"); // it would outlive the catalog
    catalog.initialize("lake", properties);
  }

  /** Makes it, with so many manifests of so many files. */
  void create(int manifests, int files) {
    catalog.createNamespace(Namespace.of(BackfillLake.NAMESPACE));
    Table table =
        catalog
            .buildTable(name, SCHEMA)
            .withProperty("format-version", "2")
            .withProperty("commit.manifest-merge.enabled", "false")
            .create();
    AppendFiles append = table.newFastAppend();
    inParallel(
            IntStream.range(0, manifests)
                .<Callable<ManifestFile>>mapToObj(i -> () -> manifest(table, files))
                .toList())
        .forEach(append::appendManifest);
    append.commit();
  }

  /** One small commit. */
  void append() {
    Table table = table();
    table.newFastAppend().appendFile(file(table)).commit();
  }

  /**
   * A commit without files. The rules did not want the table when it was made, and such a table is
   * not looked at again for a quarter of an hour unless something is committed.
   */
  void touch() {
    table().updateProperties().set("touched", "yes").commit();
  }

  Table table() {
    return catalog.loadTable(name);
  }

  /** How many manifests and manifest lists its snapshots have. */
  long manifests() {
    Table table = table();
    Set<String> files = new HashSet<>();
    for (Snapshot snapshot : table.snapshots()) {
      files.add(snapshot.manifestListLocation());
      snapshot.allManifests(table.io()).forEach(manifest -> files.add(manifest.path()));
    }
    return files.size();
  }

  private ManifestFile manifest(Table table, int files) {
    String path = table.location() + "/metadata/" + UUID.randomUUID() + "-m0.avro";
    ManifestWriter<DataFile> writer =
        ManifestFiles.write(2, table.spec(), table.io().newOutputFile(path), null);
    try (writer) {
      for (int i = 0; i < files; i++) {
        writer.add(file(table));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return writer.toManifestFile();
  }

  private DataFile file(Table table) {
    String path = table.location() + "/data/" + UUID.randomUUID() + ".parquet";
    files.put(path, new byte[FILE_BYTES]);
    return DataFiles.builder(table.spec())
        .withPath(path)
        .withFormat("parquet")
        .withFileSizeInBytes(FILE_BYTES)
        .withMetrics(metrics())
        .build();
  }

  private static Metrics metrics() {
    Map<Integer, Long> counts = new HashMap<>();
    Map<Integer, ByteBuffer> bounds = new HashMap<>();
    for (int i = 1; i <= COLUMNS; i++) {
      counts.put(i, 100L);
      bounds.put(i, Conversions.toByteBuffer(Types.LongType.get(), i * 1_000_000L));
    }
    return new Metrics(100L, counts, counts, counts, Map.of(), bounds, bounds);
  }

  /** Runs tasks on a few threads and returns their results in order. */
  static <T> List<T> inParallel(List<Callable<T>> tasks) {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<T> results = new ArrayList<>();
      for (Future<T> done : threads.invokeAll(tasks)) {
        results.add(done.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in the middle of tasks", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  @Override
  public void close() {
    files.close();
    try {
      catalog.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
