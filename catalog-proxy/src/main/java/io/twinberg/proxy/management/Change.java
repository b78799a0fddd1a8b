package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import java.util.Optional;

/**
 * What a call has changed, noted by its handler for the record of all changes; never with secrets.
 *
 * @param subject what was changed, such as {@code rule prod/sales}
 * @param before how it was; empty for what is new
 * @param after how it is now; empty for what is gone
 */
record Change(String subject, Optional<JsonNode> before, Optional<JsonNode> after) {
  private static final String NOTED = "twinberg-change";

  /** Notes what a call has changed, once it has. */
  void noteIn(Context context) {
    context.attribute(NOTED, this);
  }

  /** What a call has changed, where its handler has noted it. */
  static Optional<Change> of(Context context) {
    return Optional.ofNullable(context.attribute(NOTED));
  }
}
