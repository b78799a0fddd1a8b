package io.twinberg.proxy.capture;

import io.micrometer.core.instrument.MeterRegistry;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.http.IcebergErrors;
import java.util.Locale;

/** Counts the calls on a catalog by what they do and how they end. */
public final class CountingCatalog implements ServedCatalog {
  private final String name;
  private final ServedCatalog next;
  private final MeterRegistry registry;

  /** Counts what goes to {@code next} under a served name. */
  public CountingCatalog(String name, ServedCatalog next, MeterRegistry registry) {
    this.name = name;
    this.next = next;
    this.registry = registry;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    try {
      CatalogAnswer answer = next.answer(call);
      count(call, answer.status());
      return answer;
    } catch (RuntimeException e) {
      count(call, IcebergErrors.of(e).status());
      throw e;
    }
  }

  private void count(CatalogCall call, int status) {
    String kind =
        MutationRoute.of(call.method(), call.path())
            .map(route -> route.kind().name().toLowerCase(Locale.ROOT))
            .orElse("read");
    registry
        .counter(
            "proxy.requests",
            "source",
            name,
            "route-kind",
            kind,
            "status-class",
            status / 100 + "xx")
        .increment();
  }
}
