package io.twinberg.source;

import java.util.List;

/** What a source answered to a listing: everything, or how it failed. */
public sealed interface Listing<T> {

  /** The complete listing, in the order of the source. */
  record Listed<T>(List<T> items) implements Listing<T> {
    public Listed {
      items = List.copyOf(items);
    }
  }

  /** No listing; nothing follows from it about what the source holds. */
  record Failed<T>(LoadResult.Failure failure) implements Listing<T> {}
}
