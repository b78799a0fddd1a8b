package io.twinberg.replicator.metadata;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.twinberg.source.MetadataJson;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Metadata that is parsed while its version is being logged, so that a lane finds the tree when the
 * version is there. Only a shortcut: what was not begun, or cannot be parsed, the lane parses.
 */
public final class MetadataTrees implements AutoCloseable {
  /** Larger metadata, as a tree several times its size, does not wait in memory for a lane. */
  private static final int LONGEST_BYTES = 1 << 20;

  private static final int MOST_TREES = 4;

  /** Trees that no lane has come for would keep newer ones out. */
  private static final Duration KEPT = Duration.ofSeconds(30);

  // Weak keys are told apart by identity: a tree goes when the bytes it was made of do.
  private final Cache<byte[], FutureTask<ObjectNode>> begun =
      Caffeine.newBuilder().weakKeys().maximumSize(MOST_TREES).expireAfterWrite(KEPT).build();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_TREES), MetadataTrees::thread);

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "replicator-metadata");
    thread.setDaemon(true);
    return thread;
  }

  /** Begins parsing bytes that a lane will ask for, the very same array. */
  public void begin(byte[] metadata) {
    if (metadata.length > LONGEST_BYTES) {
      return;
    }
    FutureTask<ObjectNode> parsing = new FutureTask<>(() -> MetadataJson.parse(metadata));
    begun.put(metadata, parsing);
    try {
      thread.execute(parsing);
    } catch (RejectedExecutionException e) {
      begun.invalidate(metadata);
    }
  }

  /** The tree of bytes, which is the caller's: another caller gets another one. */
  public ObjectNode of(byte[] metadata) throws InterruptedException {
    FutureTask<ObjectNode> parsing = begun.asMap().remove(metadata);
    if (parsing == null) {
      return MetadataJson.parse(metadata);
    }
    // Not begun yet: then here, and the thread finds nothing left to do.
    parsing.run();
    try {
      return parsing.get();
    } catch (ExecutionException e) {
      return MetadataJson.parse(metadata);
    }
  }

  /** Begins nothing any more; trees that were begun are parsed by those who ask for them. */
  @Override
  public void close() {
    thread.shutdown();
  }
}
