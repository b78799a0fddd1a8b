package io.twinberg.it.engine.launcher;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs somebody else's server, and ends it with the input, so that it never outlives its parent.
 *
 * <p>The arguments are the server's main class and its arguments. What it prints goes to standard
 * error, like everything of a child that is no answer.
 */
public final class Launcher {
  private Launcher() {}

  /** Serves until the input ends. */
  public static void main(String[] args) throws Exception {
    System.setOut(System.err);
    Thread watch = new Thread(Launcher::endWithInput, "input");
    watch.setDaemon(true);
    watch.start();
    Class.forName(args[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }

  private static void endWithInput() {
    try {
      while (System.in.read() >= 0) {
        // whatever a parent says, it is alive
      }
    } catch (IOException e) {
      e.printStackTrace(); // a broken pipe is an end, too
    }
    Runtime.getRuntime().halt(0);
  }
}
