package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The object stores of one storage configuration, chosen per location by its scheme.
 *
 * <p>The S3 client is made when the first S3 location is used, so that a configuration for local
 * files needs no S3 settings.
 */
public final class ObjectStores implements ObjectStore {
  private final Map<String, String> properties;
  private final S3Limits limits;
  private final LocalObjectStore local = new LocalObjectStore();
  private final Object lock = new Object();

  // Guarded by lock.
  private @Nullable S3ObjectStore s3;
  private boolean closed;

  private ObjectStores(Map<String, String> properties, S3Limits limits) {
    this.properties = Map.copyOf(properties);
    this.limits = limits;
  }

  /** Stores for a configuration with Iceberg's property names. */
  public static ObjectStores from(Map<String, String> properties) {
    return from(properties, S3Limits.from(properties));
  }

  /** Stores for a configuration, with limits other than the usual ones. */
  public static ObjectStores from(Map<String, String> properties, S3Limits limits) {
    return new ObjectStores(properties, limits);
  }

  @Override
  public InputStream open(String location) {
    return storeOf(location).open(location);
  }

  @Override
  public InputStream open(String location, long offset) {
    return storeOf(location).open(location, offset);
  }

  @Override
  public OptionalLong length(String location) {
    return storeOf(location).length(location);
  }

  @Override
  public void put(String location, byte[] bytes) {
    storeOf(location).put(location, bytes);
  }

  @Override
  public StoreOutput create(String location) {
    return storeOf(location).create(location);
  }

  @Override
  public void delete(String location, Deadline deadline) {
    storeOf(location).delete(location, deadline);
  }

  @Override
  public List<String> folders(String folder) {
    return storeOf(folder).folders(folder);
  }

  @Override
  public List<StoredObject> list(String folder) {
    return storeOf(folder).list(folder);
  }

  @Override
  public void list(String folder, Consumer<StoredObject> each) {
    storeOf(folder).list(folder, each);
  }

  @Override
  public CopyDomain copyDomain(String location) {
    return storeOf(location).copyDomain(location);
  }

  @Override
  public void copy(String source, String target, long expectedLength) {
    storeOf(target).copy(source, target, expectedLength);
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      if (s3 != null) {
        s3.close();
        s3 = null;
      }
    }
  }

  private ObjectStore storeOf(String location) {
    if (S3Location.matches(location)) {
      return s3();
    }
    if (LocalPath.matches(location)) {
      return local;
    }
    throw new StoreException(
        Kind.INVALID,
        location,
        "No store for " + location + ": it must start with s3://, s3a://, s3n://, file: or /");
  }

  private S3ObjectStore s3() {
    synchronized (lock) {
      if (closed) {
        throw new IllegalStateException("The stores are closed");
      }
      if (s3 == null) {
        s3 = S3ObjectStore.from(properties, limits);
      }
      return s3;
    }
  }
}
