package io.twinberg.it.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A block of a document that people type, marked by a comment such as {@code <!-- recipe: all -->},
 * and what they see then.
 *
 * @param name the words of the comment behind the kind
 * @param commands what is typed
 * @param shown lines that the output has, in this order; an ellipsis stands for anything
 */
record Step(String name, String commands, List<String> shown) {
  private static final Path DOCUMENTS = Path.of("..");
  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```\n", Pattern.DOTALL);
  private static final Pattern SHOWN = Pattern.compile("```text\n(.*?)```\n", Pattern.DOTALL);

  /** Whether it is repeated until it shows what it should. */
  boolean waits() {
    return name.equals("until");
  }

  /** The steps of a kind in a document, in their order. */
  static List<Step> of(String document, String kind) {
    String text;
    try {
      text = Files.readString(DOCUMENTS.resolve(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String[] parts = text.split("<!-- " + kind + ": ");
    return Arrays.stream(parts).skip(1).map(Step::parse).toList();
  }

  private static Step parse(String part) {
    String name = part.substring(0, part.indexOf(" -->"));
    String commands =
        found(COMMANDS, part)
            .orElseThrow(() -> new IllegalArgumentException(name + " has no commands"));
    List<String> shown =
        found(SHOWN, part).map(String::lines).stream().flatMap(lines -> lines).toList();
    return new Step(name, commands, shown);
  }

  private static Optional<String> found(Pattern block, String part) {
    Matcher matcher = block.matcher(part);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** Whether an output has all lines that should be shown, in their order. */
  boolean isShownBy(String output) {
    String lines =
        shown.stream()
            .map(Step::pattern)
            .collect(Collectors.joining("\\R(?:.*\\R)*", "(?:.*\\R)*", "\\R(?:.*\\R)*"));
    return output.matches(lines);
  }

  /** Columns are as wide as their longest word, so that any space stands for any other. */
  private static String pattern(String line) {
    return Arrays.stream(line.strip().split("\\s+"))
        .map(
            word ->
                Arrays.stream(word.split("…", -1))
                    .map(Pattern::quote)
                    .collect(Collectors.joining(".*")))
        .collect(Collectors.joining("\\s*", "\\s*", "\\s*"));
  }
}
