package io.twinberg.it.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** An S3 server in this JVM over a local folder, which checks signatures. */
final class LocalS3 implements AutoCloseable {
  private final S3Proxy server;
  private final Path directory;
  private final String accessKey;
  private final String secretKey;

  private LocalS3(S3Proxy server, Path directory, String accessKey, String secretKey) {
    this.server = server;
    this.directory = directory;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
  }

  static LocalS3 start(Path directory, String accessKey, String secretKey) {
    S3Proxy server =
        S3Proxy.builder()
            .blobStore(new FilesystemNio2BlobStore(directory.toString()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, accessKey, secretKey)
            .build();
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("No S3 server on " + directory, e);
    }
    return new LocalS3(server, directory, accessKey, secretKey);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  Map<String, String> properties() {
    return Map.of(
        "s3.endpoint",
        endpoint().toString(),
        "s3.region",
        "us-east-1",
        "s3.path-style-access",
        "true",
        "s3.access-key-id",
        accessKey,
        "s3.secret-access-key",
        secretKey);
  }

  void createBucket(String name) {
    try {
      Files.createDirectory(directory.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void stop() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("S3 server does not stop", e);
    }
  }

  @Override
  public void close() {
    stop();
  }
}
