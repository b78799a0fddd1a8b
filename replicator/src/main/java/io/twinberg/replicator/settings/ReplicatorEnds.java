package io.twinberg.replicator.settings;

import io.twinberg.config.Retention;
import io.twinberg.files.SourceFiles;
import io.twinberg.source.SourceReader;
import io.twinberg.storage.ObjectStore;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** The sources and destinations that a replicator works between. */
public record ReplicatorEnds(List<Source> sources, List<Destination> destinations) {
  /** Copies the lists. */
  public ReplicatorEnds {
    sources = List.copyOf(sources);
    destinations = List.copyOf(destinations);
  }

  /** The same ends with other sources. */
  public ReplicatorEnds withSources(UnaryOperator<Source> change) {
    return new ReplicatorEnds(sources.stream().map(change).toList(), destinations);
  }

  /**
   * A source.
   *
   * @param allowedLocations the only locations that are read; none listed means that they are not
   *     known, and then any but local files are read
   */
  public record Source(
      String name, SourceReader reader, SourceFiles files, List<String> allowedLocations) {
    /** Copies the list. */
    public Source {
      allowedLocations = List.copyOf(allowedLocations);
    }

    /** A source with all its tables in one store. */
    public Source(
        String name, SourceReader reader, ObjectStore store, List<String> allowedLocations) {
      this(name, reader, SourceFiles.in(store), allowedLocations);
    }
  }

  /**
   * A destination.
   *
   * @param root where its replicas' folders are
   * @param retention which snapshots its replicas keep
   * @param deletionGrace how long a file stays for readers after the last version that names it
   */
  public record Destination(
      String name, String root, ObjectStore store, Retention retention, Duration deletionGrace) {}
}
