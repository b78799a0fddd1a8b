package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.proxy.catalog.Query;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of calls about rules; one that is misspelt is refused, or a rehearsal were real.
 */
final class RuleQuery {
  private static final int DEFAULT_SIZE = 100;
  private static final int LARGEST_SIZE = 1000;
  private static final String DRY_RUN = "dry-run";

  private RuleQuery() {}

  static Query of(Context context, List<String> known) {
    Query query = read(context);
    query.parameters().keySet().stream()
        .filter(name -> !name.isEmpty() && !known.contains(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw StatusQuestion.bad(
                  "there is no parameter '%s'%s There are: %s"
                      .formatted(name, StatusQuestion.hint(name, known), String.join(", ", known)));
            });
    return query;
  }

  private static Query read(Context context) {
    try {
      return Query.of(Optional.ofNullable(context.req().getQueryString()));
    } catch (IllegalArgumentException e) {
      throw StatusQuestion.bad("the query is not URL-encoded: " + e.getMessage());
    }
  }

  static boolean dryRun(Query query) {
    return switch (query.value(DRY_RUN).orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw StatusQuestion.bad(
              "dry-run must be true or false, not '" + query.value(DRY_RUN).orElse("") + "'");
    };
  }

  static void requireKnownSource(Query query, ManagedCatalogs catalogs) {
    List<String> names = catalogs.sourceNames();
    query
        .value("source")
        .filter(name -> !name.isEmpty() && !names.contains(name))
        .ifPresent(
            name -> {
              throw StatusQuestion.bad(
                  "there is no source '%s'%s There are: %s"
                      .formatted(name, StatusQuestion.hint(name, names), String.join(", ", names)));
            });
  }

  static int size(Query query) {
    String text = query.value("pageSize").orElse("");
    try {
      int size = text.isEmpty() ? DEFAULT_SIZE : Integer.parseInt(text);
      if (size >= 1 && size <= LARGEST_SIZE) {
        return size;
      }
    } catch (NumberFormatException e) {
      throw badSize(text);
    }
    throw badSize(text);
  }

  private static RuntimeException badSize(String text) {
    return StatusQuestion.bad("pageSize must be 1 to " + LARGEST_SIZE + ", not '" + text + "'");
  }
}
