package io.twinberg.it.kill;

import io.twinberg.it.StorePair;
import io.twinberg.it.engine.ClientRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * A reader that scans replicas over and over: each file that it is told of must be there, whole.
 */
final class ReplicaScan implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final RESTCatalog catalog = new RESTCatalog();
  private final String namespace;
  private final List<String> tables;
  private final Queue<String> missed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger scans = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "replica-scan");
  private volatile boolean ended;

  ReplicaScan(StorePair stores, URI replicas, String namespace, List<String> tables) {
    this.namespace = namespace;
    this.tables = tables;
    Map<String, String> properties =
        new HashMap<>(ClientRegion.added(stores.destination().properties()));
    properties.put(CatalogProperties.URI, replicas.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("rest-metrics-reporting-enabled", "false");
    catalog.initialize("reader", properties);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (!ended) {
      for (String table : tables) {
        try {
          scan(catalog.loadTable(TableIdentifier.of(namespace, table)));
        } catch (NoSuchTableException e) {
          // It has not been replicated yet.
        } catch (RESTException e) {
          // The server is away, which is not what this is about.
        } catch (RuntimeException e) {
          missed.add(table + ": " + e);
        }
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void scan(Table table) {
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      int seen = 0;
      for (FileScanTask task : files) {
        // The oldest and the newest are the first to go and the last to come.
        if (seen++ % 50 == 0) {
          long length = table.io().newInputFile(task.file().location()).getLength();
          if (length != task.file().fileSizeInBytes()) {
            missed.add(task.file().location() + " has " + length + " bytes");
          }
        }
      }
      scans.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it; what was not there. */
  List<String> end() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.println(scans.get() + " scans of replicas");
    if (scans.get() == 0) {
      missed.add("no replica was ever scanned");
    }
    return List.copyOf(missed);
  }

  @Override
  public void close() {
    ended = true;
    try {
      catalog.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
