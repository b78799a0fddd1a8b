package io.twinberg.proxy.forward;

import io.twinberg.proxy.catalog.CallLimit;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;

/**
 * Bounds the calls in flight at one source, from before any intent until the answer is closed, so
 * that a source that hangs takes nothing else down.
 */
public final class ForwardLimit implements ServedCatalog {
  private final CallLimit places;
  private final String busy;
  private final ServedCatalog next;

  /** At most {@code limit} calls at one time; further ones are refused at once. */
  public ForwardLimit(String source, int limit, ServedCatalog next) {
    this.places = new CallLimit(limit);
    this.busy =
        "Source %s has %d calls in flight, its forward-limit; nothing was sent, try again."
            .formatted(source, limit);
    this.next = next;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    return places.answer(call, next, busy);
  }
}
