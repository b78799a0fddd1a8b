package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.proxy.http.RequestIds;
import java.util.Objects;

/** The id by which a call is found in the log; every answer bears it. */
final class CallId {
  private static final String GIVEN = "twinberg-request-id";

  private CallId() {}

  /** Gives a call its id, before anything else is done with it. */
  static void give(Context context) {
    String id = RequestIds.of(context.header(RequestIds.HEADER));
    context.attribute(GIVEN, id);
    context.header(RequestIds.HEADER, id);
  }

  /** The id that a call was given. */
  static String of(Context context) {
    return Objects.requireNonNull(context.<String>attribute(GIVEN));
  }
}
