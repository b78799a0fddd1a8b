package io.twinberg.replicator.rewrite;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The copied blocks of one data manifest, in file order. The first few are copied here; those of a
 * large manifest then by helpers, a bounded number at a time, since compressing takes most of the
 * time.
 */
final class Blocks implements AutoCloseable {

  /** Manifests of fewer blocks, some hundred entries, are done before a helper has begun. */
  private static final int ALONE = 4;

  /** A block on its way through a helper, with a buffer of its own. */
  private final class Lane {
    final BlockCopy copy = copies.get();
    final Bytes source = new Bytes(64 << 10);
    @Nullable FutureTask<List<BlockCopy.Entry>> work;
    long count;
    List<BlockCopy.Entry> entries = List.of();

    void start(ContainerReader reader) {
      source.clear();
      source.append(reader.block().array, 0, reader.block().length);
      count = reader.count();
      long number = reader.blockNumber();
      FutureTask<List<BlockCopy.Entry>> task =
          new FutureTask<>(() -> copy.data(source, count, number));
      work = task;
      helpers.execute(task);
    }

    void here(ContainerReader reader) {
      count = reader.count();
      entries = copy.data(reader.block(), count, reader.blockNumber());
    }

    void await() throws InterruptedIOException {
      try {
        entries = work == null ? List.of() : work.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException runtime) {
          throw runtime;
        }
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted between two blocks");
      }
    }
  }

  private final Supplier<BlockCopy> copies;
  private final Executor helpers;
  private final int width;
  private final List<Lane> lanes = new ArrayList<>();
  private final Deque<Lane> idle = new ArrayDeque<>();
  private final Deque<Lane> underWay = new ArrayDeque<>();
  private boolean ended;
  private @Nullable Lane current;

  /**
   * Blocks of one manifest.
   *
   * @param copies makes what copies blocks; called for each block that is copied at a time
   * @param width how many blocks at a time; 1 means none but here
   */
  Blocks(Supplier<BlockCopy> copies, Executor helpers, int width) {
    this.copies = copies;
    this.helpers = helpers;
    this.width = width;
  }

  /** Goes on to the next block, or finds the end of the file. */
  boolean next(ContainerReader reader) throws IOException {
    if (current != null) {
      idle.push(current);
      current = null;
    }
    if (width == 1 || reader.blockNumber() < ALONE) {
      return nextHere(reader);
    }
    while (!ended && underWay.size() < width) {
      startNext(reader);
    }
    if (underWay.isEmpty()) {
      return false;
    }
    Lane first = underWay.remove();
    current = first;
    first.await();
    return true;
  }

  private boolean nextHere(ContainerReader reader) throws IOException {
    if (!reader.next()) {
      return false;
    }
    current = lane();
    current.here(reader);
    return true;
  }

  private void startNext(ContainerReader reader) throws IOException {
    ended = !reader.next();
    if (!ended) {
      Lane lane = lane();
      lane.start(reader);
      underWay.add(lane);
    }
  }

  private Lane lane() {
    if (!idle.isEmpty()) {
      return idle.pop();
    }
    Lane lane = new Lane();
    lanes.add(lane);
    return lane;
  }

  /** How many entries the block has. */
  long count() {
    return lane(current).count;
  }

  /** The copy, compressed; good until the next call of {@link #next}. */
  Bytes copy() {
    return lane(current).copy.copy();
  }

  /** The block's entries in order. */
  List<BlockCopy.Entry> entries() {
    return lane(current).entries;
  }

  private static Lane lane(@Nullable Lane current) {
    if (current == null) {
      throw new IllegalStateException("no block");
    }
    return current;
  }

  @Override
  public void close() {
    for (Lane lane : underWay) {
      if (lane.work != null) {
        lane.work.cancel(false);
      }
    }
    lanes.forEach(lane -> lane.copy.close());
  }
}
