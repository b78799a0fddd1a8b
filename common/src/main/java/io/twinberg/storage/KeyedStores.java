package io.twinberg.storage;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * S3 stores whose keys come and go while their connections stay: stores that differ in nothing but
 * their keys share one client, so that there is nothing to close when keys are replaced.
 */
public final class KeyedStores implements AutoCloseable {
  /** Enough for every region; only a catalog that keeps naming other endpoints needs more. */
  private static final int CLIENTS = 32;

  // Guarded by itself; least recently used first.
  private final Map<Map<String, String>, S3Client> clients = new LinkedHashMap<>(16, 0.75f, true);
  private boolean closed;

  /** Whether the store of a location asks for keys; local files do not. */
  public static boolean needsKeys(String location) {
    return S3Location.matches(location);
  }

  /**
   * The store of a configuration with {@code s3.access-key-id} and {@code s3.secret-access-key};
   * those are used and nothing else, whatever the environment offers. It need not be closed.
   *
   * @throws StoreException when the settings are not usable
   */
  public ObjectStore with(Map<String, String> properties) {
    return S3ObjectStore.usable(
        () -> {
          S3Settings settings = new S3Settings(properties);
          S3Limits limits = S3Limits.from(properties);
          StaticCredentialsProvider keys = StaticCredentialsProvider.create(settings.keys());
          S3Client client = new CredentialedS3Client(client(settings.withoutKeys(), limits), keys);
          return new S3ObjectStore(client, settings, limits);
        });
  }

  private S3Client client(S3Settings settings, S3Limits limits) {
    synchronized (clients) {
      if (closed) {
        throw new IllegalStateException("The stores are closed");
      }
      S3Client client =
          clients.computeIfAbsent(settings.properties(), key -> settings.keylessClient(limits));
      if (clients.size() > CLIENTS) {
        // Whoever still reads with it fails as if the store had broken down, and tries again.
        Iterator<S3Client> oldest = clients.values().iterator();
        oldest.next().close();
        oldest.remove();
      }
      return client;
    }
  }

  @Override
  public void close() {
    synchronized (clients) {
      closed = true;
      clients.values().forEach(S3Client::close);
      clients.clear();
    }
  }
}
