package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.twinberg.proxy.catalog.Query;
import java.util.List;

/** What the parameters of calls about rules say. */
final class RuleQuery {
  private static final String DRY_RUN = "dry-run";

  private RuleQuery() {}

  /** Whether a change is only to be rehearsed. */
  static boolean dryRun(Context context) {
    Query query = CallQuery.of(context, List.of(DRY_RUN));
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
}
