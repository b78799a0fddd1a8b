package io.twinberg.replicator.mapping;

import io.twinberg.replica.PrefixMapping;
import io.twinberg.replicator.rewrite.PathMapping;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The mapping of one replica: a pure, injective function from the raw source path to a path below
 * the replica's folder.
 *
 * <p>A path below a known prefix keeps its remainder. Every other path goes to {@code
 * external/<hash of its folder>/<file name>}. Nothing ever lands in {@code metadata}, which holds
 * only what Twinberg itself writes.
 */
public final class LocationMapping implements PathMapping {
  static final String EXTERNAL = "external";

  private final String folder;
  private final List<PrefixMapping> longestFirst;
  private final PathRules rules;

  public LocationMapping(
      String folder, List<PrefixMapping> prefixes, List<String> allowedLocations) {
    ReplicaLayout.check(folder, prefixes);
    this.folder = folder;
    this.longestFirst =
        prefixes.stream().sorted(Comparator.comparing(LocationMapping::length).reversed()).toList();
    this.rules = new PathRules(allowedLocations, Paths.isLocal(folder));
  }

  @Override
  public String map(String sourcePath) {
    rules.check(sourcePath);
    return longestPrefix(sourcePath)
        .filter(prefix -> !prefix.remainder(sourcePath).contains("//"))
        .map(prefix -> prefix.targetPrefix() + prefix.remainder(sourcePath))
        .orElseGet(() -> external(sourcePath));
  }

  @Override
  public boolean accepts(String sourcePath) {
    return rules.accepts(sourcePath);
  }

  // The longest prefix decides even when its remainder has an empty segment: "a//b" and "a/b" are
  // two objects in a bucket and one file on a disk, so the former takes the hashed name.
  private Optional<PrefixMapping> longestPrefix(String path) {
    return longestFirst.stream().filter(prefix -> prefix.covers(path)).findFirst();
  }

  private String external(String path) {
    String hash = FolderHash.of(Paths.folderOf(path));
    return folder + "/" + EXTERNAL + "/" + hash + "/" + Paths.nameOf(path);
  }

  private static int length(PrefixMapping prefix) {
    return prefix.sourcePrefix().length();
  }
}
