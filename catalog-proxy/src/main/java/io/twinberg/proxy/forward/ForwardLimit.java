package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Bounds the calls in flight at one source, from before any intent until the answer is closed, so
 * that a source that hangs takes nothing else down.
 */
public final class ForwardLimit implements ServedCatalog {
  private final String source;
  private final int limit;
  private final Semaphore free;
  private final ServedCatalog next;

  /** At most {@code limit} calls at one time; further ones are refused at once. */
  public ForwardLimit(String source, int limit, ServedCatalog next) {
    this.source = source;
    this.limit = limit;
    this.free = new Semaphore(limit);
    this.next = next;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    if (!free.tryAcquire()) {
      throw new RefusedException(
          Reason.BUSY,
          "Source %s has %d calls in flight, its forward-limit; nothing was sent, try again."
              .formatted(source, limit));
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
