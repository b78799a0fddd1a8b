package io.twinberg.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * A place that holds immutable objects under full location strings such as {@code s3://bucket/key}
 * or {@code file:/folder/file}.
 *
 * <p>Locations are used raw: nothing is decoded, normalised or re-encoded. Every failure is a
 * {@link StoreException}. Stores are safe for use by many threads.
 */
public interface ObjectStore extends AutoCloseable {

  /**
   * Opens an object for reading from its start: one GET and nothing else. Reading throws {@link
   * StoreException} too, so that parsers between store and caller do not hide the kind of failure.
   */
  InputStream open(String location);

  /**
   * Opens an object for reading from an offset on, which readers that look at a file's end first
   * need.
   */
  default InputStream open(String location, long offset) {
    InputStream in = open(location);
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Kind.CORRUPT, location, location + " ends before byte " + offset, e);
    }
  }

  /** The length of an object in bytes (one HEAD), empty when there is no such object. */
  OptionalLong length(String location);

  /** Writes a whole object at once (one PUT), in place of whatever was there. */
  void put(String location, byte[] bytes);

  /**
   * Starts an object of unknown length. It appears when the output is closed; a writer that fails
   * midway must call {@link StoreOutput#abort()}, or else close would publish half an object.
   */
  StoreOutput create(String location);

  /** Deletes an object; that it is not there is no error. */
  default void delete(String location) {
    delete(location, Deadline.NONE);
  }

  /**
   * Deletes an object like {@link #delete(String)}, but sends nothing after a deadline, however
   * often the request is repeated: what cannot be called back must at least not come too late.
   */
  void delete(String location, Deadline deadline);

  /**
   * The folders directly below a folder, as locations that end with a slash, sorted; empty when
   * there are none. Local folders may turn out to hold no files.
   */
  List<String> folders(String folder);

  /** All objects below a folder at any depth, sorted by location within a store's own order. */
  List<StoredObject> list(String folder);

  /** Like {@link #list(String)}, for folders whose objects are too many to hold, in any order. */
  default void list(String folder, Consumer<StoredObject> each) {
    list(folder).forEach(each);
  }

  /** Tells which other locations the store itself can copy to and from. */
  CopyDomain copyDomain(String location);

  /** Whether {@link #copy} can bring an object of another store here without streaming it. */
  default boolean canCopyFrom(ObjectStore other, String source, String target) {
    return copyDomain(target).equals(other.copyDomain(source));
  }

  /**
   * Copies an object inside the store; call it on the store of the target, and only when {@link
   * #canCopyFrom} says so. The caller verifies the result: stores differ in what they check.
   *
   * @param expectedLength decides between a plain copy and one in parts
   */
  void copy(String source, String target, long expectedLength);

  @Override
  void close();
}
