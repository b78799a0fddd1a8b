package io.twinberg.command;

import java.io.Console;
import java.util.Optional;

/** Asks whoever sits at the terminal for a line. */
@FunctionalInterface
interface TypedLine {
  /** What was typed; empty where nobody sits there. */
  Optional<String> answer(String question);

  /** Of the process's own terminal. */
  static TypedLine ofTerminal() {
    return question -> {
      Console console = System.console();
      return console == null
          ? Optional.empty()
          : Optional.ofNullable(console.readLine("%s", question));
    };
  }
}
