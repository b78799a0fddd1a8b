package io.twinberg.proxy.management;

import io.javalin.http.Context;
import java.util.Optional;

/**
 * The character U+0000, which PostgreSQL keeps in no text, and which no name, no pattern and no
 * token has: a call that holds it anywhere is wrong.
 */
final class Nul {
  private static final String IN_QUERY = "%00";
  private static final String IN_JSON = "\\u0000";

  private Nul() {}

  /** Refuses a call whose query or body holds one; the server itself refuses it in a path. */
  static void refuse(Context context) {
    String query = Optional.ofNullable(context.req().getQueryString()).orElse("");
    if (query.contains(IN_QUERY)) {
      throw bad("the query");
    }
    if (context.body().contains(IN_JSON)) {
      throw bad("the body");
    }
  }

  private static RuntimeException bad(String where) {
    return StatusQuestion.bad(where + " must not hold the character U+0000");
  }
}
