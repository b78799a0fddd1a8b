package io.twinberg.command;

import java.io.PrintWriter;
import java.time.Duration;
import picocli.CommandLine.Help.Ansi;

/**
 * What people see commands on, and how time passes there.
 *
 * @param interactive whether somebody sits before it
 * @param ansi whether it may be steered and coloured: it is a terminal, and {@code NO_COLOR} is not
 *     set
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
    return new Terminal(
        System.console() != null,
        Ansi.AUTO.enabled(),
        duration -> {
          Thread.sleep(duration.toMillis());
          return true;
        });
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
