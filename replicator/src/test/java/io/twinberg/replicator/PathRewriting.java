package io.twinberg.replicator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.ManifestContent;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.RewriteTablePathUtil;
import org.apache.iceberg.RewriteTablePathUtil.RewriteResult;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.util.Pair;

/**
 * A copy of a table made with Iceberg's {@link RewriteTablePathUtil}, called as Spark's procedure
 * calls it: everything in one run, and of the files only those that its copy plan names.
 */
final class PathRewriting {
  private final FileIO io;
  private final TableMetadata metadata;
  private final String prefix;
  private final String target;
  private final Set<Pair<String, String>> copyPlan = new HashSet<>();
  private final Map<String, Long> lengths = new HashMap<>();
  private final Map<String, Long> deleteSizes = new HashMap<>();

  PathRewriting(FileIO io, TableMetadata metadata, String target) {
    this.io = io;
    this.metadata = metadata;
    this.prefix = metadata.location();
    this.target = target;
  }

  /** The copy of all of a table. */
  static Table copyOf(TestingLake lake, Table table) {
    return new PathRewriting(lake.io(), TestingLake.current(table), targetOf(table)).copy();
  }

  /** A folder whose name is longer than the source's. */
  static String targetOf(Table table) {
    return table.location().replace("/lake/", "/lake-of-the-peers/");
  }

  Table copy() {
    metadata.snapshots().forEach(this::rewriteManifests);
    metadata.snapshots().forEach(this::rewriteList);
    copyPlan.forEach(planned -> copyFile(planned.first(), planned.second()));
    return published();
  }

  /** The table as far as it was rewritten. */
  Table published() {
    String location = target + "/metadata/copy.metadata.json";
    TableMetadataParser.overwrite(
        RewriteTablePathUtil.replacePaths(metadata, prefix, target), io.newOutputFile(location));
    return new BaseTable(new StaticTableOperations(location, io), "copy");
  }

  /** Where a file of the source belongs in the copy. */
  String targetOf(String path) {
    return RewriteTablePathUtil.newPath(path, prefix, target);
  }

  void rewriteManifests(Snapshot snapshot) {
    for (ManifestFile manifest : snapshot.allManifests(io)) {
      if (!lengths.containsKey(manifest.path())) {
        rewrite(manifest);
      }
    }
  }

  void rewriteList(Snapshot snapshot) {
    RewriteTablePathUtil.rewriteManifestList(
        snapshot,
        io,
        metadata,
        lengths,
        prefix,
        target,
        target,
        targetOf(snapshot.manifestListLocation()));
  }

  private void rewrite(ManifestFile manifest) {
    try {
      boolean data = manifest.content() == ManifestContent.DATA;
      RewriteResult<?> result = data ? data(manifest) : deletes(manifest);
      lengths.putAll(result.rewrittenManifestLengths());
      copyPlan.addAll(result.copyPlan());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RewriteResult<DataFile> data(ManifestFile manifest) throws IOException {
    return RewriteTablePathUtil.rewriteDataManifest(
        manifest,
        snapshotIds(),
        io.newOutputFile(targetOf(manifest.path())),
        io,
        metadata.formatVersion(),
        metadata.specsById(),
        prefix,
        target);
  }

  /** What the rewriting of a delete manifest says should be rewritten next. */
  RewriteResult<DeleteFile> deletes(ManifestFile manifest) throws IOException {
    return RewriteTablePathUtil.rewriteDeleteManifest(
        manifest,
        snapshotIds(),
        io.newOutputFile(targetOf(manifest.path())),
        io,
        metadata.formatVersion(),
        metadata.specsById(),
        prefix,
        target,
        prefix, // the staging folder: delete files are copied as they are, for none is read here
        deleteSizes);
  }

  private Set<Long> snapshotIds() {
    return metadata.snapshots().stream().map(Snapshot::snapshotId).collect(Collectors.toSet());
  }

  private void copyFile(String from, String to) {
    InputFile source = io.newInputFile(from);
    try (var in = source.newStream();
        var out = io.newOutputFile(to).createOrOverwrite()) {
      in.transferTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The live data files of a table, each with what is made of its file scan task. */
  static <T> Map<String, T> scanned(Table table, Function<FileScanTask, T> value) {
    Map<String, T> scanned = new HashMap<>();
    try (var tasks = table.newScan().planFiles()) {
      StreamSupport.stream(tasks.spliterator(), false)
          .forEach(task -> scanned.put(name(task.file().location()), value.apply(task)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return scanned;
  }

  private static String name(String location) {
    return location.substring(location.lastIndexOf('/') + 1).replace(".parquet", "");
  }
}
