package io.twinberg.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.rest.RESTCatalog;

/** Iceberg's own REST client, and appends without an engine. */
public final class CatalogClient {
  private static final int FILE_BYTES = 100;

  private CatalogClient() {}

  /** A client of a catalog, with the keys of its store. */
  public static RESTCatalog of(URI uri, Map<String, String> storage) {
    Map<String, String> properties = new HashMap<>(storage);
    properties.put(CatalogProperties.URI, uri.toString());
    properties.put(CatalogProperties.FILE_IO_IMPL, S3FileIO.class.getName());
    properties.put("client.region", storage.get("s3.region"));
    RESTCatalog catalog = new RESTCatalog();
    catalog.initialize("client", properties);
    return catalog;
  }

  static void append(Table table) {
    table.newFastAppend().appendFile(newFile(table)).commit();
  }

  private static DataFile newFile(Table table) {
    String location = table.locationProvider().newDataLocation(UUID.randomUUID() + ".parquet");
    try (PositionOutputStream out = table.io().newOutputFile(location).create()) {
      out.write(new byte[FILE_BYTES]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return DataFiles.builder(table.spec())
        .withPath(location)
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(FILE_BYTES)
        .withRecordCount(1)
        .build();
  }

  static String metadataLocation(Table table) {
    return ((HasTableOperations) table).operations().current().metadataFileLocation();
  }
}
