package io.twinberg.embedded;

import java.util.function.Supplier;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.BadRequestException;

/** The step of a commit that writes its metadata file, before any pointer leads there. */
final class MetadataWrite {
  private MetadataWrite() {}

  /**
   * Writes, and gives the file's location.
   *
   * @throws NotCommittedException when the file cannot be written, whatever the reason
   * @throws BadRequestException when the request names a location that is refused
   */
  static String of(TableIdentifier entry, Supplier<String> write) {
    try {
      return write.get();
    } catch (BadRequestException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new NotCommittedException(entry, e);
    }
  }
}
