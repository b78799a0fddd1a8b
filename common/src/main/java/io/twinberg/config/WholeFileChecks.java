package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Place;
import io.twinberg.config.yaml.Suggestion;
import io.twinberg.storage.S3Keys;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What must fit together across the sections of a file. */
final class WholeFileChecks {
  static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[?::1]?");

  /** A served name is the prefix of its paths, and these are what stands where no prefix does. */
  private static final Set<String> REST_ROOTS =
      Set.of("config", "namespaces", "oauth", "tables", "transactions", "views");

  private final Document document;
  private final ServedNames names;

  private WholeFileChecks(Document document) {
    this.document = document;
    this.names = ServedNames.of(document);
  }

  static void run(Document document) {
    WholeFileChecks checks = new WholeFileChecks(document);
    checks.listeners();
    checks.names();
    checks.defaults();
    checks.names.sources().forEach(checks::forwarding);
    checks.names.sources().forEach(checks::credentials);
    checks.rules();
    checks.grants();
  }

  private void listeners() {
    if (document.place("access").isPresent()) {
      return;
    }
    for (String listener : List.of("server.host", "management.host")) {
      document
          .text(listener)
          .filter(host -> !LOOPBACK.matcher(host).matches())
          .flatMap(host -> document.place(listener))
          .ifPresent(
              place ->
                  place.problem(
                      "a host other than loopback needs 'access'; without it everyone may do"
                          + " everything"));
    }
  }

  private void names() {
    Stream.concat(names.sources().stream(), names.destinations().stream())
        .forEach(
            place ->
                refuse(
                    place,
                    REST_ROOTS.contains(place.name()),
                    "'" + place.name() + "' is a path of Iceberg REST; choose another name"));
    for (Place source : names.sources()) {
      refuse(source, !Types.isName(source.name()), "a name must be of a-z, 0-9 and hyphens");
      boolean isDefaultDestination =
          names.destinations().isEmpty() && names.destinationNames().contains(source.name());
      refuse(
          source,
          isDefaultDestination,
          "'"
              + source.name()
              + "' is the name of a destination; sources and destinations share one name space");
    }
    for (Place destination : names.destinations()) {
      refuse(
          destination, !Types.isName(destination.name()), "a name must be of a-z, 0-9 and hyphens");
      refuse(
          destination,
          names.sourceNames().contains(destination.name()),
          "'"
              + destination.name()
              + "' is the name of a source; sources and destinations share one name space");
    }
  }

  private void defaults() {
    List<Place> marked = names.defaultSources();
    marked.stream()
        .skip(1)
        .flatMap(source -> document.place(source.path() + ".default").stream())
        .forEach(
            key -> key.problem("'" + marked.get(0).name() + "' is the default source already"));
  }

  private void forwarding(Place source) {
    switch (source.text("forward").orElse("")) {
      case "client" -> clientForwarding(source);
      case "twinberg" -> ownForwarding(source);
      default -> {}
    }
  }

  private void clientForwarding(Place source) {
    document
        .place(source.path() + ".forward-auth")
        .ifPresent(
            place ->
                place.problem(
                    "has no effect with 'forward: client'; write 'forward: twinberg', or leave it"
                        + " out"));
  }

  private void ownForwarding(Place source) {
    Place forward = document.place(source.path() + ".forward").orElseThrow();
    if (document.place(source.path() + ".uri").isEmpty()) {
      forward.problem("the embedded catalog forwards nothing; leave 'forward' out, or write 'uri'");
      return;
    }
    Optional<Place> auth = document.place(source.path() + ".forward-auth");
    refuse(
        auth.orElse(forward),
        auth.flatMap(place -> place.text("type")).isEmpty(),
        "'forward: twinberg' needs 'forward-auth' with a 'type'; 'type: none' is for catalogs that"
            + " ask nobody who they are");
  }

  private void credentials(Place source) {
    Optional<Place> key = document.place(source.path() + ".credentials");
    if (key.isEmpty() || !source.text("credentials").orElse("").equals("vended")) {
      return;
    }
    refuse(
        key.get(),
        document.place(source.path() + ".uri").isEmpty(),
        "the embedded catalog vends nothing to Twinberg; leave 'credentials' out, or write 'uri'");
    document.children(source.path() + ".storage").stream()
        .filter(setting -> S3Keys.names(setting.name()))
        .forEach(
            setting ->
                setting.problem(
                    "has no effect with 'credentials: vended'; leave it out, or write"
                        + " 'credentials: static'"));
  }

  private void rules() {
    for (Place rule : document.children("rules")) {
      known(rule.path() + ".source", names.sourceNames(), "source");
      for (Place destination : document.children(rule.path() + ".destinations")) {
        known(destination.path(), names.destinationNames(), "destination");
      }
    }
  }

  /** Only the file gives names to catalogs: a grant on another one would never mean anything. */
  private void grants() {
    for (Place token : document.children("access.tokens")) {
      for (Place grant : document.children(token.path() + ".grants")) {
        grant(grant);
      }
    }
    for (Place value : document.children("access.oidc.grants")) {
      document.children(value.path()).forEach(this::grant);
    }
  }

  private void grant(Place grant) {
    document
        .text(grant.path())
        .flatMap(Grant::catalogIn)
        .ifPresent(name -> known(grant, name, names.all(), "source or destination"));
  }

  private void known(String path, List<String> known, String kind) {
    document
        .place(path)
        .ifPresent(place -> document.text(path).ifPresent(name -> known(place, name, known, kind)));
  }

  private static void known(Place place, String name, List<String> known, String kind) {
    refuse(
        place,
        !known.contains(name),
        "no " + kind + " is named '" + name + "'" + Suggestion.of(name, known));
  }

  private static void refuse(Place place, boolean wrong, String message) {
    if (wrong) {
      place.problem(message);
    }
  }
}
