package io.twinberg.embedded;

import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.SupportsBulkOperations;

/**
 * File access that ends at the allowed locations.
 *
 * <p>Metadata and manifests are written by clients: without this, a purge of a table whose
 * manifests name foreign files would delete them with the server's rights.
 */
final class ConfinedFileIO implements SupportsBulkOperations {
  private final FileIO io;
  private final AllowedLocations allowed;

  ConfinedFileIO(FileIO io, AllowedLocations allowed) {
    this.io = io;
    this.allowed = allowed;
  }

  @Override
  public InputFile newInputFile(String location) {
    allowed.require("file", location);
    return io.newInputFile(location);
  }

  @Override
  public InputFile newInputFile(String location, long length) {
    allowed.require("file", location);
    return io.newInputFile(location, length);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    allowed.require("file", location);
    return io.newOutputFile(location);
  }

  @Override
  public void deleteFile(String location) {
    allowed.require("file", location);
    io.deleteFile(location);
  }

  @Override
  public void deleteFiles(Iterable<String> locations) {
    List<String> files = StreamSupport.stream(locations.spliterator(), false).toList();
    files.forEach(location -> allowed.require("file", location));
    if (io instanceof SupportsBulkOperations bulk) {
      bulk.deleteFiles(files);
    } else {
      files.forEach(io::deleteFile);
    }
  }

  @Override
  public Map<String, String> properties() {
    return io.properties();
  }

  @Override
  public void initialize(Map<String, String> properties) {
    throw new IllegalStateException("made around file access that is initialized");
  }

  @Override
  public void close() {
    io.close();
  }
}
