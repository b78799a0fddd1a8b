package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.proxy.http.ClientPace;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The character U+0000, which PostgreSQL keeps in no text, and which no name, no pattern and no
 * token has: a call that holds it anywhere is wrong.
 */
final class Nul {
  private static final String IN_QUERY = "%00";
  private static final String IN_JSON = "\\u0000";

  private Nul() {}

  /** A route that refuses calls whose query or body holds one; in a path the server itself does. */
  static ManagedRoute refusedBy(ManagedRoute route, ClientPace pace) {
    return new ManagedRoute(
        route.method(),
        route.path(),
        route.role(),
        context -> {
          refuse(context, pace);
          route.handler().handle(context);
        });
  }

  private static void refuse(Context context, ClientPace pace) {
    String query = Optional.ofNullable(context.req().getQueryString()).orElse("");
    if (query.contains(IN_QUERY)) {
      throw bad("the query");
    }
    // Whatever charset the call names, bodies are read as JSON; in any encoding but UTF-8 that has
    // bytes of zero.
    String body = new String(CallBody.of(context, pace), StandardCharsets.UTF_8);
    if (body.contains(IN_JSON) || body.indexOf('\0') >= 0) {
      throw bad("the body");
    }
  }

  private static RuntimeException bad(String where) {
    return StatusQuestion.bad(where + " must not hold the character U+0000");
  }
}
