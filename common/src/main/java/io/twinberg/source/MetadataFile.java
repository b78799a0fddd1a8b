package io.twinberg.source;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.iceberg.TableMetadataParser;
import org.apache.iceberg.io.FileIO;

/** The JSON of a metadata file as it was written, unpacked where its name says so. */
final class MetadataFile {
  private MetadataFile() {}

  static byte[] read(FileIO io, String location, int maxBytes) throws IOException {
    try (InputStream file = io.newInputFile(location).newStream();
        InputStream json = unpacked(file, location)) {
      byte[] bytes = json.readNBytes(maxBytes);
      if (json.read() >= 0) {
        throw new IOException("metadata file exceeds " + maxBytes + " bytes: " + location);
      }
      return bytes;
    }
  }

  private static InputStream unpacked(InputStream file, String location) throws IOException {
    var codec = TableMetadataParser.Codec.fromFileName(location);
    return codec == TableMetadataParser.Codec.GZIP ? new GZIPInputStream(file) : file;
  }
}
