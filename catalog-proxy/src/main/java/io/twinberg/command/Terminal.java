package io.twinberg.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Map;

/**
 * What people see commands on, and how time passes there.
 *
 * @param interactive whether somebody sits before it
 * @param ansi whether it may be steered and coloured: it is a terminal that can, and {@code
 *     NO_COLOR} is not set
 * @param pause lets time pass between two looks
 */
record Terminal(boolean interactive, boolean ansi, Pause pause) {
  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    /** Waits; false when there is to be no further look. */
    boolean of(Duration duration) throws InterruptedException;
  }

  /** The one of this process. */
  static Terminal ofProcess() {
    return of(System.console() != null, System.getenv());
  }

  /** The one of a process whose input and output are a console or not. */
  static Terminal of(boolean console, Map<String, String> environment) {
    return new Terminal(
        console,
        console && takesColours(environment),
        duration -> {
          Thread.sleep(duration.toMillis());
          return true;
        });
  }

  /** An empty NO_COLOR says nothing, as https://no-color.org has it. */
  private static boolean takesColours(Map<String, String> environment) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /** Tells on one line of it how far an operation is. */
  ProgressLine progress(PrintWriter err) {
    return new ProgressLine(err, interactive);
  }

  /** The colours of states. */
  Palette palette() {
    return new Palette(ansi);
  }
}
