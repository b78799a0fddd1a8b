package io.twinberg.config;

import io.twinberg.config.yaml.Document;
import io.twinberg.config.yaml.Place;

/**
 * Refuses what the configuration can say already but this version cannot do yet, so that nobody
 * believes in a setting without effect. Switching something on means to delete its line here.
 */
final class NotYetSupported {
  private NotYetSupported() {}

  static void refuse(Document document) {
    for (Place destination : document.children("destinations")) {
      String retention = destination.path() + ".retention";
      document
          .place(retention + ".max-snapshot-age")
          .filter(place -> document.place(retention + ".snapshots").isEmpty())
          .ifPresent(
              place ->
                  place.problem(
                      "'max-snapshot-age' is not supported yet; use 'snapshots: forever'"));
    }
  }
}
