package io.twinberg.it;

import io.twinberg.it.engine.ClientRegion;
import io.twinberg.testing.S3Server;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;

/** A client that commits data files that no engine would write. */
final class CraftedCommits implements AutoCloseable {
  private static final byte[] CONTENT = "not for you".getBytes(StandardCharsets.UTF_8);
  private static final Schema SCHEMA =
      new Schema(Types.NestedField.optional(1, "id", Types.LongType.get()));

  private final RESTCatalog catalog = new RESTCatalog();
  private final S3FileIO files = new S3FileIO();

  private CraftedCommits() {}

  static CraftedCommits of(RunningTwinberg twinberg, S3Server store) {
    CraftedCommits commits = new CraftedCommits();
    Map<String, String> properties = new HashMap<>(ClientRegion.added(store.properties()));
    commits.files.initialize(properties);
    properties.put("uri", twinberg.catalog(Setup.SOURCE).toString());
    properties.put("io-impl", S3FileIO.class.getName());
    commits.catalog.initialize(Setup.SOURCE, properties);
    return commits;
  }

  void createTable(String namespace, String name) {
    if (!catalog.namespaceExists(Namespace.of(namespace))) {
      catalog.createNamespace(Namespace.of(namespace));
    }
    catalog.createTable(TableIdentifier.of(namespace, name), SCHEMA);
  }

  /** Puts an object where the source's keys reach it. */
  void write(String location) {
    try (OutputStream out = files.newOutputFile(location).createOrOverwrite()) {
      out.write(CONTENT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits a data file with any path. */
  void append(String namespace, String name, String path) {
    catalog
        .loadTable(TableIdentifier.of(namespace, name))
        .newAppend()
        .appendFile(
            DataFiles.builder(PartitionSpec.unpartitioned())
                .withPath(path)
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(CONTENT.length)
                .withRecordCount(1)
                .build())
        .commit();
  }

  @Override
  public void close() {
    try (files;
        catalog) {
      // both are closed, whatever one of them does
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
