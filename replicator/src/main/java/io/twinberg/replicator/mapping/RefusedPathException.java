package io.twinberg.replicator.mapping;

/** A path of the source that must not be replicated: where it is and why it is refused. */
public final class RefusedPathException extends RuntimeException {
  private final String path;
  private final String reason;

  public RefusedPathException(String path, String reason) {
    super("path '" + printable(path) + "' is refused: " + reason);
    this.path = path;
    this.reason = reason;
  }

  /** The raw path, which may hold control characters: do not print it as it is. */
  public String path() {
    return path;
  }

  public String reason() {
    return reason;
  }

  // A line break in a path must not forge a line in a log.
  private static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars().forEach(c -> out.append(plain((char) c)));
    return out.toString();
  }

  private static String plain(char c) {
    return Character.isISOControl(c) || Character.isSurrogate(c) || isLineSeparator(c)
        ? String.format("\\u%04x", (int) c)
        : String.valueOf(c);
  }

  private static boolean isLineSeparator(char c) {
    return c == '\u2028' || c == '\u2029';
  }
}
