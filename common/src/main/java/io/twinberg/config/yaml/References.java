package io.twinberg.config.yaml;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Resolves {@code ${env:NAME}}, {@code ${file:path}} and relative paths, the last two against a
 * folder.
 */
public final class References {
  private static final String ENV = "${env:";
  private static final String FILE = "${file:";

  private final Path folder;
  private final UnaryOperator<String> env;
  private final boolean allowed;

  public References(Path folder, UnaryOperator<String> env) {
    this(folder, env, true);
  }

  private References(Path folder, UnaryOperator<String> env, boolean allowed) {
    this.folder = folder.toAbsolutePath().normalize();
    this.env = env;
    this.allowed = allowed;
  }

  /** No references: for texts whose authors must not read this host's files and environment. */
  public static References none() {
    return new References(Path.of(""), name -> null, false);
  }

  /** The absolute form of a path. */
  public Path path(String text) {
    try {
      return folder.resolve(text).normalize();
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("must be a path", e);
    }
  }

  /** The text itself, or what it refers to. */
  String resolve(String text) {
    if (!text.contains("${")) {
      return text;
    }
    if (!allowed) {
      throw new IllegalArgumentException("references with ${...} are for the file alone");
    }
    if (isWhole(text, ENV)) {
      return variable(text.substring(ENV.length(), text.length() - 1));
    }
    if (isWhole(text, FILE)) {
      return content(text.substring(FILE.length(), text.length() - 1));
    }
    throw new IllegalArgumentException(
        "a reference must be the whole value and read ${env:NAME} or ${file:path}");
  }

  private static boolean isWhole(String text, String start) {
    return text.startsWith(start) && text.indexOf('}') == text.length() - 1;
  }

  private String variable(String name) {
    @Nullable String value = env.apply(name);
    if (value == null) {
      throw new IllegalArgumentException("environment variable '" + name + "' is not set");
    }
    return value;
  }

  private String content(String name) {
    Path file = path(name);
    try {
      return withoutTrailingNewline(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read file '" + file + "'", e);
    }
  }

  private static String withoutTrailingNewline(String text) {
    if (text.endsWith("\r\n")) {
      return text.substring(0, text.length() - 2);
    }
    return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
  }
}
