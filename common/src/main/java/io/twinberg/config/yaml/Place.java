package io.twinberg.config.yaml;

import java.util.Optional;

/** Where in a document a value stands: its full path, its own name and its line. */
public record Place(Document document, String path, String name, int line) {

  /** The place of a key of this section. */
  public Place key(String key, int keyLine) {
    String full = path.isEmpty() ? key : path + "." + key;
    return document.visit(path, new Place(document, full, key, keyLine));
  }

  /** The place of an item of this list, counted from 0. */
  public Place item(int index, int itemLine) {
    String bracket = "[" + index + "]";
    return document.visit(path, new Place(document, path + bracket, bracket, itemLine));
  }

  /** The value of a key directly under this place. */
  public Optional<String> text(String key) {
    return document.text(path + "." + key);
  }

  public void problem(String message) {
    document.report(new Problem(line, path, message));
  }

  <T> Optional<T> refuse(String message) {
    problem(message);
    return Optional.empty();
  }
}
