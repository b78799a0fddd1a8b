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
    for (Place rule : document.children("rules")) {
      value(document, rule.path() + ".backfill", "heads-first", "'ordered'");
    }
  }

  private static void value(Document document, String path, String value, String instead) {
    if (document.text(path).filter(value::equals).isPresent()) {
      document
          .place(path)
          .orElseThrow()
          .problem("'" + value + "' is not supported yet; use " + instead);
    }
  }
}
