package io.twinberg.it.kill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;

/**
 * All files that the metadata of a table names, in every snapshot, down to the data files. What has
 * been read once is not read again as long as it is named: such files never change.
 */
final class NamedFiles {
  private Map<String, List<ManifestFile>> lists = Map.of();
  private Map<String, List<DataFile>> manifests = Map.of();
  private final Map<String, OptionalLong> lengths = new HashMap<>();
  private final Map<String, DataFile> data = new HashMap<>();

  /** Reads what a version of the table names. */
  void read(Table table) {
    TableMetadata metadata = ((BaseTable) table).operations().current();
    lengths.clear();
    data.clear();
    unknownLength(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(earlier -> unknownLength(earlier.file()));
    Map<String, List<ManifestFile>> readLists = new HashMap<>();
    Map<String, List<DataFile>> readManifests = new HashMap<>();
    for (Snapshot snapshot : table.snapshots()) {
      String list = snapshot.manifestListLocation();
      unknownLength(list);
      List<ManifestFile> listed = lists.get(list);
      readLists.put(list, listed == null ? snapshot.allManifests(table.io()) : listed);
      for (ManifestFile manifest : readLists.get(list)) {
        lengths.put(manifest.path(), OptionalLong.of(manifest.length()));
        readManifests.computeIfAbsent(manifest.path(), path -> live(manifest, table));
      }
    }
    lists = readLists;
    manifests = readManifests;
    manifests.values().forEach(files -> files.forEach(this::add));
  }

  private void unknownLength(String path) {
    lengths.put(path, OptionalLong.empty());
  }

  private void add(DataFile file) {
    lengths.put(file.location(), OptionalLong.of(file.fileSizeInBytes()));
    data.put(file.location(), file);
  }

  private List<DataFile> live(ManifestFile manifest, Table table) {
    List<DataFile> known = manifests.get(manifest.path());
    if (known != null) {
      return known;
    }
    try (ManifestReader<DataFile> reader =
        ManifestFiles.read(manifest, table.io(), table.specs())) {
      List<DataFile> files = new ArrayList<>();
      reader.forEach(file -> files.add(file.copyWithoutStats()));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files by their locations, with their lengths where something tells them. */
  Map<String, OptionalLong> lengths() {
    return lengths;
  }

  /** The data files among them. */
  Map<String, DataFile> data() {
    return data;
  }
}
