package io.twinberg.it.engine;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How to start a JVM.
 *
 * @param directory its working directory, where its log goes
 */
public record JvmCommand(
    JavaHome java,
    List<String> flags,
    String classPath,
    String mainClass,
    List<String> arguments,
    Path directory) {

  /** Copies its lists. */
  public JvmCommand {
    flags = List.copyOf(flags);
    arguments = List.copyOf(arguments);
  }

  List<String> words() {
    List<String> words = new ArrayList<>();
    words.add(java.command().toString());
    words.addAll(flags);
    words.add("-cp");
    words.add(classPath);
    words.add(mainClass);
    words.addAll(arguments);
    return words;
  }
}
