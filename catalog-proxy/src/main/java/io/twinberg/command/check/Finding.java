package io.twinberg.command.check;

/**
 * The outcome of one check.
 *
 * @param subject what was looked at, such as {@code source prod}
 * @param check what was tried there, such as {@code list}
 * @param detail what was found, or what is wrong and the way out; holds no secret
 */
public record Finding(Level level, String subject, String check, String detail) {
  /** How a check ended. */
  public enum Level {
    /** It works. */
    OK,
    /** It works, but not as a careful operator would have it, or could not be tried. */
    WARN,
    /** It does not work. */
    FAIL
  }

  static Finding ok(String subject, String check, String detail) {
    return new Finding(Level.OK, subject, check, detail);
  }

  static Finding warn(String subject, String check, String detail) {
    return new Finding(Level.WARN, subject, check, detail);
  }

  static Finding fail(String subject, String check, String detail) {
    return new Finding(Level.FAIL, subject, check, detail);
  }
}
