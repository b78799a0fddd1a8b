package io.twinberg.replicator.unreferenced;

import io.twinberg.replica.Replica;
import io.twinberg.replicator.merge.ReplicaVersion;
import io.twinberg.replicator.pointer.PointerObjects;
import io.twinberg.storage.ObjectStore;
import io.twinberg.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Looks through a replica's folder for files that its published version does not reach, once that
 * version's pointer object is there. It only reads, and takes as long as the table is large;
 * meanwhile the replica may go on. So what it finds is a suspicion: whoever condemns the files adds
 * the version that is published by then.
 */
public final class FolderScan {
  /** What Twinberg writes to; anything else in the folder is not its to delete. */
  static final List<String> FOLDERS = List.of("data", "external", "metadata");

  /** How many files are found at a time, so that they fit into memory. */
  private static final int MOST = 50_000;

  /**
   * What a look found.
   *
   * @param reached what was published at its beginning reaches
   * @param suspects files that it does not reach
   * @param complete whether there are no more of them
   * @param pointer the latest generation that a pointer object shows
   */
  public record Found(ReachedPaths reached, List<String> suspects, boolean complete, long pointer) {
    /** Copies the list. */
    public Found {
      suspects = List.copyOf(suspects);
    }
  }

  private final Replica replica;
  private final Optional<ReplicaVersion> published;
  private final ObjectStore destination;
  private final List<String> suspects = new ArrayList<>();
  private boolean complete = true;
  private long pointer;

  /**
   * A look at one replica.
   *
   * @param published what it shows, if it is of a table; of a view only the metadata file counts
   */
  public FolderScan(Replica replica, Optional<ReplicaVersion> published, ObjectStore destination) {
    this.replica = replica;
    this.published = published;
    this.destination = destination;
  }

  /** Reads the metadata first and lists the folder then. */
  public Found run() {
    ReachedPaths reached = new ReachedPaths(destination);
    replica.metadataLocation().ifPresent(reached::add);
    published.ifPresent(reached::add);
    for (String folder : FOLDERS) {
      destination.list(replica.folder() + "/" + folder, file -> look(file, reached));
    }
    return new Found(reached, suspects, complete, pointer);
  }

  private void look(StoredObject file, ReachedPaths reached) {
    String path = file.location();
    if (isPointerInUse(path) || reached.contains(path)) {
      return;
    }
    if (suspects.size() < MOST) {
      suspects.add(path);
    } else {
      complete = false;
    }
  }

  private boolean isPointerInUse(String path) {
    OptionalLong generation = PointerObjects.generation(replica.folder(), path);
    generation.ifPresent(shown -> pointer = Math.max(pointer, shown));
    return generation.orElse(0) >= replica.generation();
  }
}
