package io.twinberg.config;

import java.util.List;

/** A configuration that cannot be used; the message has one line for each problem. */
public final class ConfigException extends RuntimeException {
  private final List<String> problems;

  ConfigException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  ConfigException(List<String> problems, Throwable cause) {
    super(String.join("\n", problems), cause);
    this.problems = List.copyOf(problems);
  }

  /** The lines of the message. */
  public List<String> problems() {
    return problems;
  }
}
