package io.twinberg.storage;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** One storage configuration for S3, in Iceberg's property names. */
final class S3Settings {
  static final String CHECKSUM_MODE = "s3.checksum-mode";

  private static final int ATTEMPTS = 3;
  private static final String DEFAULT_REGION = "us-east-1";

  /** Settings of Iceberg that change what is stored; ignoring one silently would be a lie. */
  private static final Map<String, String> UNSUPPORTED =
      Map.of(
          S3FileIOProperties.SSE_TYPE,
          "set a default encryption on the bucket instead",
          S3FileIOProperties.REMOTE_SIGNING_ENABLED,
          "give static credentials or leave them to the environment");

  private final Map<String, String> properties;

  S3Settings(Map<String, String> properties) {
    this.properties = Map.copyOf(properties);
    UNSUPPORTED.forEach(this::refuse);
  }

  /** Whether uploads carry the SDK's own checksums; older servers answer 400 to them. */
  boolean sdkChecksums() {
    String mode = properties.getOrDefault(CHECKSUM_MODE, "when-supported");
    return switch (mode.toLowerCase(Locale.ROOT)) {
      case "when-supported" -> true;
      case "when-required" -> false;
      default ->
          throw new IllegalArgumentException(
              CHECKSUM_MODE + " must be when-supported or when-required, not '" + mode + "'");
    };
  }

  CopyDomain copyDomain() {
    String endpoint = properties.getOrDefault(S3FileIOProperties.ENDPOINT, "aws");
    return new CopyDomain("s3 " + endpoint.replaceAll("/+$", ""), identity());
  }

  S3Client client(S3Limits limits, List<ExecutionInterceptor> interceptors) {
    S3FileIOProperties s3 = new S3FileIOProperties(properties);
    S3ClientBuilder builder = S3Client.builder();
    s3.applyEndpointConfigurations(builder);
    s3.applyServiceConfigurations(builder);
    s3.applyCredentialConfigurations(new AwsClientProperties(properties), builder);
    applyRegion(builder);
    applyChecksums(builder);
    return builder
        .httpClientBuilder(httpClient(limits))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(limits.attemptTimeout())
                    .apiCallTimeout(limits.callTimeout())
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build())
                    .executionInterceptors(interceptors))
        .build();
  }

  /**
   * Deprecated by the SDK in favour of its next one, but the one that Iceberg's S3FileIO uses too.
   */
  @SuppressWarnings("deprecation")
  private static SdkHttpClient.Builder<?> httpClient(S3Limits limits) {
    return ApacheHttpClient.builder()
        .maxConnections(limits.connections())
        .connectionTimeout(limits.connectTimeout())
        .connectionAcquisitionTimeout(limits.socketTimeout())
        .socketTimeout(limits.socketTimeout());
  }

  private void applyRegion(S3ClientBuilder builder) {
    String region =
        properties.getOrDefault(
            "s3.region", properties.getOrDefault(AwsClientProperties.CLIENT_REGION, ""));
    if (!region.isEmpty()) {
      builder.region(Region.of(region));
    } else if (properties.containsKey(S3FileIOProperties.ENDPOINT)) {
      builder.region(Region.of(DEFAULT_REGION));
    }
  }

  private void applyChecksums(S3ClientBuilder builder) {
    builder.requestChecksumCalculation(
        sdkChecksums()
            ? RequestChecksumCalculation.WHEN_SUPPORTED
            : RequestChecksumCalculation.WHEN_REQUIRED);
    builder.responseChecksumValidation(
        sdkChecksums()
            ? ResponseChecksumValidation.WHEN_SUPPORTED
            : ResponseChecksumValidation.WHEN_REQUIRED);
  }

  /** The key id where there is one, else everything that picks the credentials. */
  private String identity() {
    String keyId = properties.get(S3FileIOProperties.ACCESS_KEY_ID);
    if (keyId != null) {
      return "key " + keyId;
    }
    Map<String, String> chosen = new TreeMap<>(properties);
    chosen
        .keySet()
        .removeIf(key -> !key.startsWith(AwsClientProperties.CLIENT_CREDENTIALS_PROVIDER));
    return "environment " + chosen;
  }

  private void refuse(String key, String wayOut) {
    String value = properties.getOrDefault(key, "none");
    if (!value.equalsIgnoreCase("none") && !value.equalsIgnoreCase("false")) {
      throw new IllegalArgumentException(key + "=" + value + " is not supported: " + wayOut);
    }
  }
}
