package io.twinberg.proxy.guard;

import io.twinberg.proxy.catalog.Query;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the namespaces that a call touches. */
record Targets(Names names) {
  /** The namespaces, empty when the call does not tell them without doubt. */
  Optional<List<List<String>>> of(GuardedRoute route, ReadCall read) {
    return switch (route.scope()) {
      case CATALOG -> Optional.empty();
      case PATH -> inPath(route, read);
      case PARENT -> parent(read.call().query()).map(List::of);
      case CREATED -> sound(BodyNames.created(read.body()));
      case RENAMED -> sound(BodyNames.renamed(read.body()));
      case CHANGED -> sound(BodyNames.changed(read.body()));
    };
  }

  private Optional<List<List<String>>> inPath(GuardedRoute route, ReadCall read) {
    List<String> segments = route.namesIn(read.call().path());
    boolean sound = segments.stream().skip(1).allMatch(names::isName);
    return sound ? names.namespace(segments.get(0)).map(List::of) : Optional.empty();
  }

  /** The root has no levels. Whoever sends two parents, or cuts a query otherwise, is in doubt. */
  private Optional<List<String>> parent(Optional<String> query) {
    try {
      if (query.filter(Targets::isInDoubt).isPresent()) {
        return Optional.empty();
      }
      String parent = Query.of(query).value("parent").orElse("");
      return parent.isEmpty() ? Optional.of(List.of()) : names.split(parent);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static boolean isInDoubt(String query) {
    List<String> parents =
        Arrays.stream(query.split("&"))
            .flatMap(pair -> Query.of(Optional.of(pair)).parameters().keySet().stream())
            .filter("parent"::equalsIgnoreCase)
            .toList();
    return query.contains(";") || parents.size() > 1 || !List.of("parent").containsAll(parents);
  }

  private Optional<List<List<String>>> sound(Optional<List<List<String>>> found) {
    return found.filter(all -> all.stream().allMatch(one -> names.levels(one).isPresent()));
  }
}
