package io.twinberg.proxy.replica;

import io.twinberg.proxy.catalog.CallLimit;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;

/** Bounds the reads of replicas, so that readers who are slow to read take no source down. */
public final class ReadLimit implements ServedCatalog {
  private final CallLimit places;
  private final ServedCatalog next;

  /** Takes its places from {@code places}, which all replica catalogs share. */
  public ReadLimit(CallLimit places, ServedCatalog next) {
    this.places = places;
    this.next = next;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    return places.answer(
        call,
        next,
        "%d reads of replicas are under way, as many as there may be; try again."
            .formatted(places.limit()));
  }
}
