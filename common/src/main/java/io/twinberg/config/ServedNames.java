package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Place;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The names of sources and destinations that a file declares, right or wrong, or that hold by
 * default.
 */
record ServedNames(Document document, List<Place> sources, List<Place> destinations) {
  private static final String SOURCES = "sources";
  private static final String DESTINATIONS = "destinations";

  static ServedNames of(Document document) {
    return new ServedNames(document, document.children(SOURCES), document.children(DESTINATIONS));
  }

  List<String> sourceNames() {
    return names(SOURCES, sources, TwinbergConfig.DEFAULT_SOURCE);
  }

  List<String> destinationNames() {
    return names(DESTINATIONS, destinations, TwinbergConfig.DEFAULT_DESTINATION);
  }

  List<String> all() {
    return Stream.concat(sourceNames().stream(), destinationNames().stream()).toList();
  }

  List<Place> defaultSources() {
    return sources.stream()
        .filter(place -> place.text("default").filter("true"::equals).isPresent())
        .toList();
  }

  Optional<String> defaultSource() {
    List<String> names = sourceNames();
    return names.size() == 1
        ? Optional.of(names.get(0))
        : defaultSources().stream().map(Place::name).findFirst();
  }

  private List<String> names(String section, List<Place> written, String otherwise) {
    return document.place(section).isPresent()
        ? written.stream().map(Place::name).toList()
        : List.of(otherwise);
  }
}
