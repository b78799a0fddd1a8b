package io.twinberg.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The tables of docs/OPERATIONS.md, to hold what people see against them. */
public final class OperationsDocument {
  private static final Path FILE = Path.of("../docs/OPERATIONS.md");
  private static final Pattern CODE = Pattern.compile("`([A-Za-z_-]+)`");
  private static final int SHORTEST_ADVICE = 3;

  private OperationsDocument() {}

  /**
   * The words in the first column of a section's table that begins with a title.
   *
   * @throws IllegalStateException when there is no such table, or a row of it says nothing
   */
  public static List<String> words(String section, String firstColumn) {
    List<String> words = new ArrayList<>();
    for (String row : rows(section, firstColumn)) {
      String[] cells = row.substring(1, row.length() - 1).split("\\|", -1);
      if (cells[cells.length - 1].strip().length() < SHORTEST_ADVICE) {
        throw new IllegalStateException("it is not said what to do: " + row);
      }
      words.addAll(CODE.matcher(cells[0]).results().map(OperationsDocument::word).toList());
    }
    return words;
  }

  private static String word(MatchResult code) {
    return code.group(1);
  }

  private static List<String> rows(String section, String firstColumn) {
    List<String> lines = lines();
    int line = index(lines, section, 0, text -> text.matches("##+ " + Pattern.quote(section)));
    line = index(lines, firstColumn, line, text -> text.startsWith("| " + firstColumn + " |"));
    return lines.subList(line + 2, lines.size()).stream()
        .takeWhile(text -> text.startsWith("|"))
        .toList();
  }

  private static int index(List<String> lines, String what, int from, Predicate<String> wanted) {
    for (int i = from; i < lines.size(); i++) {
      if (wanted.test(lines.get(i))) {
        return i;
      }
    }
    throw new IllegalStateException("docs/OPERATIONS.md lacks '" + what + "'");
  }

  private static List<String> lines() {
    try {
      return Files.readAllLines(FILE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
