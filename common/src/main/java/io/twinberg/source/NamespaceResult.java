package io.twinberg.source;

import java.util.Map;

/** What a source answered when asked for a namespace. */
public sealed interface NamespaceResult {
  /** Its properties. */
  record Found(Map<String, String> properties) implements NamespaceResult {
    /** Copies the map. */
    public Found {
      properties = Map.copyOf(properties);
    }
  }

  /** No answer of use; nothing follows from it. */
  record Failed(LoadResult.Failure failure) implements NamespaceResult {}
}
