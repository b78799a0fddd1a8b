package io.twinberg.command;

import java.util.Map;
import picocli.CommandLine.Help.Ansi.Style;

/** The colours of states, on terminals that show them. */
record Palette(boolean colours) {
  /** States in black and white. */
  static final Palette NONE = new Palette(false);

  private static final Map<String, Style> STYLES =
      Map.ofEntries(
          Map.entry("completed", Style.fg_green),
          Map.entry("failed", Style.fg_red),
          Map.entry("pending", Style.fg_yellow),
          Map.entry("copying", Style.fg_yellow),
          Map.entry("requested", Style.fg_yellow),
          Map.entry("running", Style.fg_yellow),
          Map.entry("cancelled", Style.faint),
          Map.entry("unknown", Style.faint));

  /** Text that begins with a state, in its colour. */
  String state(String cell) {
    Style style = STYLES.get(cell.split(" ", 2)[0]);
    return colours && style != null ? style.on() + cell + Style.reset.on() : cell;
  }
}
