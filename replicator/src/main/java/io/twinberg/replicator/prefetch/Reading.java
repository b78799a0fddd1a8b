package io.twinberg.replicator.prefetch;

import io.twinberg.replicator.mapping.PathRules;
import io.twinberg.replicator.metadata.MetadataFacts.SnapshotFacts;
import io.twinberg.replicator.prefetch.FilesAhead.Ahead;
import io.twinberg.replicator.rewrite.ListedManifest;
import io.twinberg.replicator.rewrite.ManifestEntries;
import io.twinberg.replicator.rewrite.ManifestEntry;
import io.twinberg.replicator.rewrite.ManifestEntry.Status;
import io.twinberg.replicator.rewrite.ManifestList;
import io.twinberg.storage.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Reads one snapshot's files. Each is expected before the one that names it is there: whoever has
 * that one asks for it next.
 */
final class Reading {
  private static final int LONGEST_LIST = 1 << 20;
  private static final int LONGEST_FILE = 1 << 20;
  private static final int MOST_MANIFESTS = 4;
  private static final int MOST_FILES_OF_A_MANIFEST = 2;

  private final FilesAhead ahead;
  private final PathRules rules;
  private final TableIdentifier table;
  private final SnapshotFacts snapshot;
  private final Map<String, Ahead> expected = new LinkedHashMap<>();

  Reading(FilesAhead ahead, PathRules rules, TableIdentifier table, SnapshotFacts snapshot) {
    this.ahead = ahead;
    this.rules = rules;
    this.table = table;
    this.snapshot = snapshot;
  }

  /** Has the manifest list waited for; false where it may not be read or is read already. */
  boolean expect() {
    return expect(snapshot.manifestList());
  }

  private boolean expect(String location) {
    if (!rules.accepts(location)) {
      return false;
    }
    ahead.expect(table, location).ifPresent(file -> expected.put(location, file));
    return expected.containsKey(location);
  }

  /**
   * Reads what is expected.
   *
   * @param wanted which data files somebody will read rather than let a store copy
   */
  void read(ObjectStore store, Predicate<String> wanted) {
    try {
      byte[] list = bytes(store, snapshot.manifestList(), LONGEST_LIST);
      List<ListedManifest> manifests = added(ManifestList.read(list));
      arrived(snapshot.manifestList(), list);
      List<String> data = new ArrayList<>();
      for (ListedManifest manifest : manifests) {
        byte[] bytes = bytes(store, manifest.path(), LONGEST_FILE);
        data.addAll(dataFiles(manifest, bytes, wanted));
        arrived(manifest.path(), bytes);
      }
      for (String file : data) {
        arrived(file, bytes(store, file, LONGEST_FILE));
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  void fail(Exception cause) {
    expected.forEach((location, file) -> ahead.fail(location, file, cause));
  }

  private List<ListedManifest> added(List<ListedManifest> listed) {
    List<ListedManifest> added =
        listed.stream()
            .filter(manifest -> manifest.addedSnapshotId() == snapshot.id())
            .filter(manifest -> manifest.lengthInBytes() <= LONGEST_FILE)
            .toList();
    return added.size() > MOST_MANIFESTS
        ? List.of()
        : added.stream().filter(manifest -> expect(manifest.path())).toList();
  }

  /** What a commit of a file or two has added. */
  private List<String> dataFiles(ListedManifest manifest, byte[] bytes, Predicate<String> wanted)
      throws IOException {
    List<String> paths = new ArrayList<>();
    if (manifest.content() == 0
        && manifest.addedFiles().orElse(Integer.MAX_VALUE) <= MOST_FILES_OF_A_MANIFEST) {
      ManifestEntries.read(
          new ByteArrayInputStream(bytes),
          entry -> {
            if (isSmallAndNew(entry) && wanted.test(entry.path()) && expect(entry.path())) {
              paths.add(entry.path());
            }
          });
    }
    return paths;
  }

  private static boolean isSmallAndNew(ManifestEntry entry) {
    return entry.status() == Status.ADDED && entry.lengthInBytes() <= LONGEST_FILE;
  }

  private void arrived(String location, byte[] bytes) {
    expected.get(location).bytes().complete(bytes);
  }

  private static byte[] bytes(ObjectStore store, String location, int longest) throws IOException {
    try (InputStream in = store.open(location)) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new IOException(location + " is too long to be kept");
      }
      return bytes;
    }
  }
}
