package io.twinberg.config.yaml;

/** One thing that is wrong with a file; line 0 and an empty path stand for the file as a whole. */
public record Problem(int line, String path, String message) {

  /** Renders the problem as {@code file:line: path: message}. */
  public String render(String file) {
    String where = line == 0 ? file : file + ":" + line;
    return path.isEmpty() ? where + ": " + message : where + ": " + path + ": " + message;
  }
}
