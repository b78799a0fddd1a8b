package io.twinberg.config;

import java.util.List;

/** Which branches and tags of a table its replicas have. */
public sealed interface RefSelection {
  /** The branch without which a table shows nothing to its readers. */
  String MAIN = "main";

  /** Whether replicas have a branch of this name. */
  boolean hasBranch(String name);

  /** Whether replicas have a tag of this name. */
  boolean hasTag(String name);

  /** Every ref, and every snapshot, also those that no ref reaches. */
  record All() implements RefSelection {
    @Override
    public boolean hasBranch(String name) {
      return true;
    }

    @Override
    public boolean hasTag(String name) {
      return true;
    }
  }

  /** The main branch and what the globs name, with the snapshots that these reach. */
  record Named(List<NameGlob> branches, List<NameGlob> tags) implements RefSelection {
    /** Copies the lists. */
    public Named {
      branches = List.copyOf(branches);
      tags = List.copyOf(tags);
    }

    @Override
    public boolean hasBranch(String name) {
      return name.equals(MAIN) || matches(branches, name);
    }

    @Override
    public boolean hasTag(String name) {
      return matches(tags, name);
    }

    /** The name of a ref is one level, whatever dots are in it. */
    private static boolean matches(List<NameGlob> globs, String name) {
      return globs.stream().anyMatch(glob -> glob.matches(List.of(name)));
    }
  }
}
