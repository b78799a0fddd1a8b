package io.twinberg.proxy.catalog;

import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * So many calls at one time, each from its start until its answer is closed. Several catalogs may
 * share one. A listener with more threads than all its limits together always has one left for what
 * is not limited, such as health probes.
 */
public final class CallLimit {
  private final int limit;
  private final Semaphore free;

  /** At most {@code limit} calls at one time. */
  public CallLimit(int limit) {
    this.limit = limit;
    this.free = new Semaphore(limit);
  }

  /** How many calls there may be at one time. */
  public int limit() {
    return limit;
  }

  /**
   * The answer of {@code next}; where all places are taken, a refusal at once.
   *
   * @param busy what the refusal says
   */
  public CatalogAnswer answer(CatalogCall call, ServedCatalog next, String busy) {
    if (!free.tryAcquire()) {
      throw new RefusedException(Reason.BUSY, busy);
    }
    try {
      CatalogAnswer answer = next.answer(call);
      return new CatalogAnswer(
          answer.status(), answer.headers(), new ReleasingBody(answer.body(), free));
    } catch (RuntimeException | Error e) {
      free.release();
      throw e;
    }
  }

  /** Gives the place back when it is closed, once. */
  private static final class ReleasingBody extends FilterInputStream {
    private final Semaphore free;
    private final AtomicBoolean closed = new AtomicBoolean();

    ReleasingBody(InputStream body, Semaphore free) {
      super(body);
      this.free = free;
    }

    @Override
    public void close() throws IOException {
      try {
        super.close();
      } finally {
        if (closed.compareAndSet(false, true)) {
          free.release();
        }
      }
    }
  }
}
