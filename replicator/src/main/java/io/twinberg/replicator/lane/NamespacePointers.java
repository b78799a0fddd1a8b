package io.twinberg.replicator.lane;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import io.twinberg.replica.MirroredNamespace;
import io.twinberg.replica.MirroredNamespaces;
import io.twinberg.replicator.pointer.NamespacePointer;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoreException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the pointer objects of namespaces, beside the lanes. Several processes may write the same
 * one; its generation is in its name, so that they write the same bytes.
 */
final class NamespacePointers {
  private static final Logger LOG = LoggerFactory.getLogger(NamespacePointers.class);
  private static final int BATCH = 100;

  private final MirroredNamespaces namespaces;
  private final Map<String, ObjectStore> destinations;
  private final CrashPoints crashPoints;
  private final AtomicBoolean underWay = new AtomicBoolean();

  NamespacePointers(
      MirroredNamespaces namespaces,
      Map<String, ObjectStore> destinations,
      CrashPoints crashPoints) {
    this.namespaces = namespaces;
    this.destinations = destinations;
    this.crashPoints = crashPoints;
  }

  /** Writes what waits on another thread, unless that goes on already. */
  void write(Executor threads) {
    if (underWay.get()) {
      return;
    }
    List<MirroredNamespace> waiting = namespaces.waiting(BATCH);
    if (!waiting.isEmpty() && underWay.compareAndSet(false, true)) {
      try {
        threads.execute(() -> write(waiting));
      } catch (RejectedExecutionException e) {
        LOG.debug("shutting down: namespace pointers are written by whoever comes next");
      }
    }
  }

  private void write(List<MirroredNamespace> waiting) {
    try {
      waiting.forEach(this::writeOrPutOff);
    } catch (RuntimeException e) {
      LOG.warn("namespace pointers not written: {}", e.toString());
    } finally {
      underWay.set(false);
    }
  }

  private void writeOrPutOff(MirroredNamespace namespace) {
    ObjectStore store = destinations.get(namespace.destination());
    if (store == null) {
      namespaces.failed(namespace);
      return;
    }
    try {
      new PointerObjects(store).write(NamespacePointer.of(namespace));
      // Crash after this: the next process writes the same bytes under the same name.
      crashPoints.passed(CrashPoint.NAMESPACE_POINTER_WRITTEN);
      namespaces.pointerWritten(namespace);
    } catch (StoreException e) {
      LOG.warn(
          "namespace pointer not written namespace={} destination={}: {}",
          namespace.namespace(),
          namespace.destination(),
          e.getMessage());
      namespaces.failed(namespace);
    }
  }
}
