package io.twinberg.proxy.management;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.http.Context;
import io.twinberg.proxy.catalog.CatalogAnswer;
import java.nio.charset.StandardCharsets;

/** Writes answers to Javalin's context. */
final class Answers {
  private Answers() {}

  static void json(Context context, JsonNode body) {
    write(context, CatalogAnswer.json(200, body.toString().getBytes(StandardCharsets.UTF_8)));
  }

  static void write(Context context, CatalogAnswer answer) {
    context.status(answer.status());
    // Javalin compresses long answers for those who take that, and writes the length itself.
    answer.headers().stream()
        .filter(header -> !header.name().equalsIgnoreCase("Content-Length"))
        .forEach(header -> context.header(header.name(), header.value()));
    // How things stand now is no use later.
    context.header("Cache-Control", "no-store");
    context.result(answer.body());
  }
}
