package io.twinberg.embedded;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.view.ViewMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every place in metadata where a client can name a location.
 *
 * <p>Only what a commit changes is looked at, so that narrowing the allowed locations later does
 * not lock existing tables.
 */
final class LocationCheck {
  private static final List<String> PATH_PROPERTIES =
      List.of(
          TableProperties.WRITE_DATA_LOCATION,
          TableProperties.WRITE_METADATA_LOCATION,
          "write.object-storage.path",
          "write.folder-storage.path");

  private final AllowedLocations allowed;

  LocationCheck(AllowedLocations allowed) {
    this.allowed = allowed;
  }

  void table(@Nullable TableMetadata before, TableMetadata after) {
    String location = before == null ? null : before.location();
    Map<String, String> properties = before == null ? Map.of() : before.properties();
    require("location", location, after.location());
    properties(properties, after.properties());
    snapshots(before, after);
    statistics(before, after);
  }

  void view(@Nullable ViewMetadata before, ViewMetadata after) {
    require("location", before == null ? null : before.location(), after.location());
    properties(before == null ? Map.of() : before.properties(), after.properties());
  }

  void namespace(Map<String, String> properties) {
    require("location", null, properties.get("location"));
  }

  /** A metadata file that a client wants to register. */
  void metadataFile(String location) {
    allowed.require("metadata-location", location);
  }

  private void properties(Map<String, String> before, Map<String, String> after) {
    PATH_PROPERTIES.forEach(key -> require(key, before.get(key), after.get(key)));
  }

  private void snapshots(@Nullable TableMetadata before, TableMetadata after) {
    Set<Long> known = new HashSet<>();
    if (before != null) {
      before.snapshots().forEach(snapshot -> known.add(snapshot.snapshotId()));
    }
    for (Snapshot snapshot : after.snapshots()) {
      if (!known.contains(snapshot.snapshotId())) {
        require("manifest-list", null, snapshot.manifestListLocation());
      }
    }
  }

  private void statistics(@Nullable TableMetadata before, TableMetadata after) {
    Set<String> known = new HashSet<>();
    if (before != null) {
      before.statisticsFiles().forEach(file -> known.add(file.path()));
      before.partitionStatisticsFiles().forEach(file -> known.add(file.path()));
    }
    after.statisticsFiles().forEach(file -> statistics(known, file.path()));
    after.partitionStatisticsFiles().forEach(file -> statistics(known, file.path()));
  }

  private void statistics(Set<String> known, String path) {
    if (!known.contains(path)) {
      allowed.require("statistics-path", path);
    }
  }

  private void require(String key, @Nullable String before, @Nullable String after) {
    if (after != null && !Objects.equals(before, after)) {
      allowed.require(key, after);
    }
  }
}
