package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.http.IcebergErrors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The answer to callers whose address has failed too often. */
public final class TooManyFailures {
  /** What such callers are told. */
  public static final String MESSAGE =
      "Too many attempts with unknown credentials came from this address; try again later.";

  private TooManyFailures() {}

  static void refuse(Duration wait) {
    throw new BlockedException(withWait(IcebergErrors.answer(429, MESSAGE), wait));
  }

  /** An answer that says how long to wait, in whole seconds and never too short. */
  public static CatalogAnswer withWait(CatalogAnswer answer, Duration wait) {
    List<Header> headers = new ArrayList<>(answer.headers());
    headers.add(new Header("Retry-After", String.valueOf(wait.toSeconds() + 1)));
    return new CatalogAnswer(answer.status(), headers, answer.body());
  }
}
