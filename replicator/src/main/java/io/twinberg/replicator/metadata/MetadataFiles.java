package io.twinberg.replicator.metadata;

import io.twinberg.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** Reads metadata files whole, up to a limit that protects the process. */
public final class MetadataFiles {
  private final long limitInBytes;

  /**
   * @param limitInBytes larger files are refused
   */
  public MetadataFiles(long limitInBytes) {
    this.limitInBytes = limitInBytes;
  }

  /**
   * The JSON of a metadata file, decompressed where its name says gzip.
   *
   * @throws MetadataTooLargeException above the limit
   */
  public byte[] read(ObjectStore store, String location) {
    try (InputStream in = open(store, location)) {
      byte[] json = in.readNBytes((int) Math.min(limitInBytes + 1, Integer.MAX_VALUE - 8));
      requireWithin(location, json.length);
      return json;
    } catch (IOException e) {
      // Stores fail with exceptions of their own: this is what gzip thinks of the bytes.
      throw new InvalidMetadataException(
          "metadata file " + location + " cannot be decompressed: " + e.getMessage(), e);
    }
  }

  /** Refuses metadata above the limit. */
  public void requireWithin(String location, long lengthInBytes) {
    if (lengthInBytes > limitInBytes) {
      throw new MetadataTooLargeException(location, limitInBytes);
    }
  }

  private static InputStream open(ObjectStore store, String location) throws IOException {
    InputStream in = store.open(location);
    boolean compressed =
        location.endsWith(".gz.metadata.json") || location.endsWith(".metadata.json.gz");
    return compressed ? new GZIPInputStream(in) : in;
  }
}
