package io.twinberg.it.transparency;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One call of the list. Path, headers and body may hold {@code ${name}} for what an earlier answer
 * of the same side has told.
 *
 * @param path below the base, still encoded, with its query
 * @param headers names and values in turn
 */
record Call(String method, String path, List<String> headers, String body) {
  private static final Pattern UNTOLD = Pattern.compile("\\$\\{[a-z]+}");

  Call {
    headers = List.copyOf(headers);
  }

  static Call of(String method, String path) {
    return new Call(method, path, List.of(), "");
  }

  static Call of(String method, String path, String body) {
    return new Call(method, path, List.of("Content-Type", "application/json"), body);
  }

  Call with(String... more) {
    return new Call(method, path, List.of(more), body);
  }

  /** The call with what one side knows. */
  Call filled(Map<String, String> known) {
    return new Call(
        method,
        filled(path, known),
        headers.stream().map(header -> filled(header, known)).toList(),
        filled(body, known));
  }

  private static String filled(String text, Map<String, String> known) {
    String filled = text;
    for (Map.Entry<String, String> entry : known.entrySet()) {
      filled = filled.replace("${" + entry.getKey() + "}", entry.getValue());
    }
    return UNTOLD.matcher(filled).replaceAll("untold");
  }

  @Override
  public String toString() {
    return method
        + " "
        + path
        + " "
        + headers
        + " "
        + body.substring(0, Math.min(300, body.length()));
  }
}
