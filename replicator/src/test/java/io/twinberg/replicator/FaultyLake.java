package io.twinberg.replicator;

import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.Replica;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.ObjectStores;
import io.twinberg.storage.S3Limits;
import io.twinberg.testing.FaultPlan;
import io.twinberg.testing.FaultyS3;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lake and its replicas in a bucket each, which the replicator alone reaches over wires that
 * fail. Every version that it shows to readers is read by one of them at once.
 */
final class FaultyLake implements AutoCloseable {
  final TestingLake lake;
  final FaultPlan source;
  final FaultPlan destination;
  private final S3Server server;
  private final FaultyS3 sourceWire;
  private final FaultyS3 destinationWire;
  private final Ends patient;
  private final Ends impatient;
  private final AtomicInteger versions = new AtomicInteger();
  private final Queue<Throwable> broken = new ConcurrentLinkedQueue<>();

  FaultyLake(Path folder, long seed) {
    source = new FaultPlan(seed);
    destination = new FaultPlan(~seed);
    server = S3Server.start(folder(folder), "key", "secret-secret");
    server.createBucket("lake");
    server.createBucket("replicas");
    sourceWire = FaultyS3.before(server, source);
    destinationWire = FaultyS3.before(server, destination);
    patient = ends(Duration.ofSeconds(20));
    impatient = ends(Duration.ofMillis(500));
    lake = TestingLake.onS3(folder, "s3://lake/wh", "s3://replicas/eu", server.properties());
    wires(false, false);
  }

  private Ends ends(Duration patience) {
    return new Ends(
        ObjectStores.from(sourceWire.properties(), limits(patience)),
        ObjectStores.from(destinationWire.properties(), limits(patience)));
  }

  private static Path folder(Path parent) {
    try {
      return Files.createDirectory(parent.resolve("s3"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static S3Limits limits(Duration patience) {
    return S3Limits.defaults()
        .withTimeouts(
            Duration.ofSeconds(10), patience, Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /**
   * Lets the replicators that are made from now on stream between two services, or have one service
   * copy, to which the destination's wire leads.
   *
   * @param stalling whether a request may stall, and is soon given up; a slow machine would fail
   *     others of them, too
   */
  void wires(boolean copying, boolean stalling) {
    Ends ends = stalling ? impatient : patient;
    lake.stores(copying ? ends.destination : ends.source, ends.destination);
  }

  /** A replicator after whose every step forward a reader looks at what it shows. */
  Replicator replicator() {
    return lake.replicator(CrashPoints.NONE, this::look);
  }

  private void look(Replica replica) {
    try {
      ReplicaChecks.assertWhole(lake, lake.published(replica));
      versions.incrementAndGet();
    } catch (AssertionError | RuntimeException e) {
      broken.add(e);
    }
  }

  /** How many versions readers have found whole. */
  int versions() {
    return versions.get();
  }

  /** What readers could not read. */
  List<Throwable> broken() {
    return List.copyOf(broken);
  }

  void heal() {
    source.heal();
    destination.heal();
  }

  @Override
  public void close() {
    lake.close();
    patient.close();
    impatient.close();
    sourceWire.close();
    destinationWire.close();
    server.close();
  }

  /** The stores at the far ends of both wires. */
  private record Ends(ObjectStore source, ObjectStore destination) implements AutoCloseable {
    @Override
    public void close() {
      source.close();
      destination.close();
    }
  }
}
