package io.twinberg.storage;

import java.util.List;
import java.util.Map;
import org.apache.iceberg.aws.s3.S3FileIOAwsClientFactory;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Clients for Iceberg's S3FileIO in this process that heed what Iceberg's own clients do not: the
 * checksum mode, and roles that are asked for with given keys.
 */
public final class IcebergS3Clients implements S3FileIOAwsClientFactory {
  private static final long serialVersionUID = 1;

  private Map<String, String> properties = Map.of();

  /** Whether a configuration holds what Iceberg's own clients would pass over. */
  public static boolean neededFor(Map<String, String> properties) {
    return AssumedRole.arn(properties).isPresent() || !new S3Settings(properties).sdkChecksums();
  }

  /** Iceberg makes factories by the names of their classes, and hands them everything then. */
  @Override
  public void initialize(Map<String, String> settings) {
    properties = Map.copyOf(settings);
  }

  @Override
  public S3Client s3() {
    return new S3Settings(properties).client(S3Limits.from(properties), List.of());
  }

  @Override
  public S3AsyncClient s3Async() {
    throw new UnsupportedOperationException("files are read and written one request at a time");
  }
}
