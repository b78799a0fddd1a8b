package io.twinberg.replicator.rewrite;

import java.util.OptionalInt;

/**
 * What one transcoding read and wrote.
 *
 * @param sourceLengthInBytes bytes read, the whole source file
 * @param lengthInBytes bytes written, the {@code manifest_length} of the replica's manifest
 */
public record TranscodedManifest(
    long sourceLengthInBytes,
    long lengthInBytes,
    long addedEntries,
    long existingEntries,
    long deletedEntries) {

  /** All entries, live and deleted. */
  public long entries() {
    return addedEntries + existingEntries + deletedEntries;
  }

  /**
   * Throws {@link CorruptManifestException} if the manifest list counts other entries than were
   * met. An Avro file that is cut exactly between two blocks looks whole; only this check finds it.
   * The listed length is not compared: copies made by other tools are known to carry wrong ones.
   */
  public void requireCountsOf(ListedManifest listed) {
    requireCount("added", listed.addedFiles(), addedEntries, listed);
    requireCount("existing", listed.existingFiles(), existingEntries, listed);
    requireCount("deleted", listed.deletedFiles(), deletedEntries, listed);
  }

  private static void requireCount(
      String kind, OptionalInt promised, long met, ListedManifest listed) {
    if (promised.isPresent() && promised.getAsInt() != met) {
      throw new CorruptManifestException(
          "%s has %d %s entries where its manifest list counts %d"
              .formatted(listed.path(), met, kind, promised.getAsInt()));
    }
  }
}
