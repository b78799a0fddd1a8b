package io.twinberg.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/**
 * A real S3 server on a free port of this machine, over a folder: a bucket is a folder, an object a
 * file. It checks signatures, counts requests, and fails on demand.
 */
public final class S3Server implements AutoCloseable {
  private final String accessKey;
  private final String secretKey;
  private final Map<String, String> knownKeys = new ConcurrentHashMap<>();
  private final S3Requests requests = new S3Requests();
  private final BlobStore blobs;
  private S3Proxy proxy;
  private final int port;

  private S3Server(Path folder, String accessKey, String secretKey) {
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    knownKeys.put(accessKey, secretKey);
    this.blobs = new WatchedBlobStore(new FilesystemNio2BlobStore(folder.toString()), requests);
    this.proxy = started(0);
    this.port = proxy.getPort();
  }

  /** Starts a server that accepts one pair of keys; the folder must exist. */
  public static S3Server start(Path folder, String accessKey, String secretKey) {
    return new S3Server(folder, accessKey, secretKey);
  }

  /** The URI of the server. */
  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** What a client needs, in Iceberg's property names. */
  public Map<String, String> properties() {
    return Map.of(
        "s3.endpoint",
        endpoint(),
        "s3.region",
        "us-east-1",
        "s3.path-style-access",
        "true",
        "s3.access-key-id",
        accessKey,
        "s3.secret-access-key",
        secretKey);
  }

  /** Knows another pair of keys too from now on. */
  public void addKeys(String keyId, String secret) {
    knownKeys.put(keyId, secret);
  }

  /** Does not know a pair of keys any more. */
  public void revokeKeys(String keyId) {
    knownKeys.remove(keyId);
  }

  /** Makes a bucket; names need three letters. */
  public void createBucket(String name) {
    blobs.createContainer(name);
  }

  /** What clients asked for so far. */
  public S3Requests requests() {
    return requests;
  }

  /** The keys of multipart uploads of a bucket that were neither completed nor aborted. */
  public Set<String> openUploads(String bucket) {
    Set<String> keys = new TreeSet<>();
    blobs.listMultipartUploads(bucket).forEach(upload -> keys.add(upload.key()));
    return keys;
  }

  /** Stops answering at once: connections are closed, and new ones refused. */
  public void stop() {
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IllegalStateException("The S3 server did not stop", e);
    }
  }

  /** Answers again, at the same port, with the same content. */
  public void restart() {
    proxy = started(port);
  }

  @Override
  public void close() {
    stop();
  }

  private S3Proxy started(int atPort) {
    try {
      S3Proxy starting =
          S3Proxy.builder()
              .blobStore(blobs)
              .endpoint(URI.create("http://127.0.0.1:" + atPort))
              // It knows no session tokens: keys are known or not, whatever comes with them.
              .ignoreUnknownHeaders(true)
              .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
              // Otherwise each stop waits a second for connections that clients keep.
              .stopTimeout(0)
              .ignoreUnknownHeaders(true) // as S3 does; Trino asks for attributes in listings
              .build();
      starting.setBlobStoreLocator(
          (identity, container, blob) -> {
            String secret = identity == null ? null : knownKeys.get(identity);
            return secret == null ? null : new AccessGrant(secret, blobs);
          });
      starting.start();
      return starting;
    } catch (Exception e) {
      throw new IllegalStateException("The S3 server did not start", e);
    }
  }
}
