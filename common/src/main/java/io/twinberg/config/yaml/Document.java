package io.twinberg.config.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One file while it is being read: which keys were found where, and what is wrong with them.
 *
 * <p>Checks across sections ask it for texts by path instead of asking the finished records, so
 * that they can speak even if some other part of the file has no record because it is wrong.
 */
public final class Document {
  private final String name;
  private final References references;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, List<Place>> children = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();

  /**
   * A file that nothing is known of yet.
   *
   * @param name what messages call it
   */
  public Document(String name, References references) {
    this.name = name;
    this.references = references;
  }

  public Place root() {
    return new Place(this, "", "", 1);
  }

  /** What messages call the file. */
  public String name() {
    return name;
  }

  public References references() {
    return references;
  }

  /** The place of a key that was written or filled with its default. */
  public Optional<Place> place(String path) {
    return Optional.ofNullable(places.get(path));
  }

  /** The keys or items directly under a path, in the order of the file. */
  public List<Place> children(String path) {
    return List.copyOf(children.getOrDefault(path, List.of()));
  }

  /** The value of a key, references resolved; secrets are never kept here. */
  public Optional<String> text(String path) {
    return Optional.ofNullable(texts.get(path));
  }

  /** All problems found so far, in the order of the file. */
  public List<Problem> problems() {
    return problems.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
  }

  void report(Problem problem) {
    problems.add(problem);
  }

  void note(String path, String text) {
    texts.put(path, text);
  }

  Place visit(String parent, Place place) {
    @Nullable Place before = places.putIfAbsent(place.path(), place);
    if (before == null) {
      children.computeIfAbsent(parent, any -> new ArrayList<>()).add(place);
    }
    return place;
  }
}
