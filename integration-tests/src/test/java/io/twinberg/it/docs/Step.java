package io.twinberg.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A block of a document that people type, which begins like <code>```sh recipe: everything</code>,
 * and the block behind it with what they see then.
 *
 * @param name what stands behind the kind
 * @param commands what is typed
 * @param shown lines that the output has, in this order; an ellipsis stands for anything
 */
record Step(String name, String commands, List<String> shown) {
  private static final Path DOCUMENTS = Path.of("..");
  private static final Pattern COMMANDS = Pattern.compile("(.*)\n((?s:.*?))```\n");
  private static final Pattern SHOWN = Pattern.compile("```text\n((?s:.*?))```\n");

  /** The steps of a kind in a document, in their order. */
  static List<Step> of(String document, String kind) {
    String[] parts = text(document).split("```sh " + kind + ": ");
    return Arrays.stream(parts).skip(1).map(Step::parse).toList();
  }

  private static String text(String document) {
    try {
      return Files.readString(DOCUMENTS.resolve(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Step parse(String part) {
    Matcher commands = COMMANDS.matcher(part);
    if (!commands.lookingAt()) {
      throw new IllegalArgumentException("a block that does not end: " + part);
    }
    Matcher shown = SHOWN.matcher(part);
    List<String> lines = shown.find(commands.end()) ? shown.group(1).lines().toList() : List.of();
    return new Step(commands.group(1), commands.group(2), lines);
  }

  /** Whether people repeat it until it shows what it should. */
  boolean waits() {
    return name.equals("until");
  }

  /** Whether an output has all lines that should be shown, in their order. */
  boolean isShownBy(String output) {
    Iterator<String> printed = output.lines().iterator();
    return shown.stream().map(Step::pattern).allMatch(line -> isAmong(printed, line));
  }

  /** Goes on to the next line that is like this one. */
  private static boolean isAmong(Iterator<String> printed, Pattern line) {
    while (printed.hasNext()) {
      if (line.matcher(singleSpaced(printed.next())).matches()) {
        return true;
      }
    }
    return false;
  }

  private static Pattern pattern(String line) {
    return Pattern.compile(
        Arrays.stream(singleSpaced(line).split(" ?… ?", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*")));
  }

  /** Columns are as wide as their longest word. */
  private static String singleSpaced(String line) {
    return line.strip().replaceAll("\\s+", " ");
  }
}
