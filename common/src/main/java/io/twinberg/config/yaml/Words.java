package io.twinberg.config.yaml;

import java.util.List;

/** Joins choices the way one would say them. */
public final class Words {
  private Words() {}

  /** For example {@code none, bearer or sigv4}. */
  public static String or(List<String> choices) {
    int last = choices.size() - 1;
    return last == 0
        ? choices.get(0)
        : String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
  }
}
