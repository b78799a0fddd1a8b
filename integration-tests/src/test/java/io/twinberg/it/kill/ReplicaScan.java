package io.twinberg.it.kill;

import io.twinberg.it.StorePair;
import io.twinberg.it.engine.ClientRegion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.RESTException;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.apache.iceberg.rest.RESTCatalog;

/**
 * A reader that looks at replicas over and over, at every file that any snapshot names: each must
 * be there with its length for as long as the grace of deletions lasts, and each data file, once it
 * is named, has the bytes that its source has.
 */
final class ReplicaScan implements AutoCloseable {
  private final RESTCatalog catalog = new RESTCatalog();
  private final List<TableIdentifier> tables;
  private final Duration pause;
  private final Duration grace;
  private final SameRows rows = new SameRows();
  private final Map<TableIdentifier, NamedFiles> named = new HashMap<>();
  private final Set<String> read = new HashSet<>();
  private final Queue<String> missed = new ConcurrentLinkedQueue<>();
  private final AtomicInteger scans = new AtomicInteger();
  private final AtomicInteger late = new AtomicInteger();
  private final Thread thread = new Thread(this::run, "replica-scan");
  private volatile boolean ended;

  /**
   * @param pause between two looks
   * @param grace how long what nothing names any more is there all the same
   */
  ReplicaScan(
      StorePair stores,
      URI replicas,
      List<TableIdentifier> tables,
      Duration pause,
      Duration grace) {
    this.tables = List.copyOf(tables);
    this.pause = pause;
    this.grace = grace;
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
      for (TableIdentifier table : tables) {
        try {
          long asked = System.nanoTime();
          look(table, catalog.loadTable(table), asked);
        } catch (NoSuchTableException e) {
          // It has not been replicated yet.
        } catch (RESTException e) {
          // The server is away, which is not what this is about.
        }
        LockSupport.parkNanos(pause.toNanos());
      }
    }
  }

  /** What is not there any more counts only if the look has taken less than the grace. */
  private void look(TableIdentifier name, Table table, long asked) {
    List<String> problems;
    try {
      problems = problems(named.computeIfAbsent(name, any -> new NamedFiles()), table);
    } catch (RuntimeException e) {
      problems = List.of(name + ": " + e);
    }
    if (System.nanoTime() - asked > grace.toNanos()) {
      late.incrementAndGet();
    } else {
      missed.addAll(problems);
      scans.incrementAndGet();
    }
  }

  private List<String> problems(NamedFiles files, Table table) {
    files.read(table);
    Map<String, Long> there = new HashMap<>();
    ((SupportsPrefixOperations) table.io())
        .listPrefix(table.location() + "/")
        .forEach(file -> there.put(file.location(), file.size()));
    List<String> problems = new ArrayList<>();
    files
        .lengths()
        .forEach(
            (path, length) -> {
              Long found = there.get(path);
              if (found == null) {
                problems.add(path + " is not there");
              } else if (length.orElse(found) != found) {
                problems.add(path + " has " + found + " bytes and not " + length.getAsLong());
              }
            });
    for (DataFile file : files.data().values()) {
      if (read.add(file.location()) && !isRight(file, table)) {
        problems.add(file.location() + " has other bytes");
      }
    }
    return problems;
  }

  private boolean isRight(DataFile file, Table table) {
    try (SeekableInputStream in = table.io().newInputFile(file.location()).newStream()) {
      return Arrays.equals(in.readAllBytes(), rows.bytes((int) file.recordCount()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it; what was not there or not right. */
  List<String> end() {
    ended = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.printf(
        "%d looks at replicas, %d more took too long, %d data files read%n",
        scans.get(), late.get(), read.size());
    if (scans.get() == 0) {
      missed.add("no replica was ever looked at");
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
