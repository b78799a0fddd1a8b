package io.twinberg.storage;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.LegacyMd5Plugin;
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
    requireWholeKeys();
    AssumedRole.check(properties);
  }

  /** Half a pair would silently mean whatever keys the environment has. */
  private void requireWholeKeys() {
    boolean id = properties.containsKey(S3FileIOProperties.ACCESS_KEY_ID);
    boolean secret = properties.containsKey(S3FileIOProperties.SECRET_ACCESS_KEY);
    boolean token = properties.containsKey(S3FileIOProperties.SESSION_TOKEN);
    if (id != secret || (token && !id)) {
      throw new IllegalArgumentException(
          "s3.access-key-id, s3.secret-access-key and s3.session-token go together: both keys, and"
              + " the token where the keys came with one");
    }
  }

  Map<String, String> properties() {
    return properties;
  }

  /** The same without anything that says with which keys. */
  S3Settings withoutKeys() {
    Map<String, String> keyless = new HashMap<>(properties);
    keyless.keySet().removeIf(S3Keys::names);
    return new S3Settings(keyless);
  }

  /** The keys that are written here. */
  AwsCredentials keys() {
    return S3Keys.of(properties);
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
    if (AssumedRole.arn(properties).isEmpty()) {
      return client(ownKeys(), limits, interceptors);
    }
    AssumedRole role =
        AssumedRole.of(properties, ownKeys(), region().orElse(null), httpClient(limits));
    return new RoleS3Client(client(role, limits, interceptors), role);
  }

  private AwsCredentialsProvider ownKeys() {
    return new AwsClientProperties(properties)
        .credentialsProvider(
            properties.get(S3FileIOProperties.ACCESS_KEY_ID),
            properties.get(S3FileIOProperties.SECRET_ACCESS_KEY),
            properties.get(S3FileIOProperties.SESSION_TOKEN));
  }

  /** A client whose requests bring their keys along. */
  S3Client keylessClient(S3Limits limits) {
    return client(AnonymousCredentialsProvider.create(), limits, List.of());
  }

  private S3Client client(
      AwsCredentialsProvider credentials,
      S3Limits limits,
      List<ExecutionInterceptor> interceptors) {
    S3FileIOProperties s3 = new S3FileIOProperties(properties);
    S3ClientBuilder builder = S3Client.builder();
    s3.applyEndpointConfigurations(builder);
    s3.applyServiceConfigurations(builder);
    builder.credentialsProvider(credentials);
    region().ifPresent(builder::region);
    applyChecksums(builder);
    return builder
        .httpClientBuilder(httpClient(limits))
        .overrideConfiguration(
            override ->
                override
                    .apiCallAttemptTimeout(limits.attemptTimeout())
                    .apiCallTimeout(limits.callTimeout())
                    .scheduledExecutorService(S3Timeouts.shared())
                    .retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(ATTEMPTS)
                            .build())
                    .executionInterceptors(interceptors)
                    .addExecutionInterceptor(new SentInTime()))
        .build();
  }

  /**
   * Deprecated by the SDK in favour of its next one, but the one that Iceberg's S3FileIO uses too.
   * Left to itself it asks before every body ({@code Expect: 100-continue}), a round trip for each
   * small object; the SDK still asks before those of a megabyte and more.
   */
  @SuppressWarnings("deprecation")
  private static SdkHttpClient.Builder<?> httpClient(S3Limits limits) {
    return ApacheHttpClient.builder()
        .expectContinueEnabled(false)
        .maxConnections(limits.connections())
        .connectionTimeout(limits.connectTimeout())
        .connectionAcquisitionTimeout(limits.socketTimeout())
        .socketTimeout(limits.socketTimeout());
  }

  private Optional<Region> region() {
    String region =
        properties.getOrDefault(
            "s3.region", properties.getOrDefault(AwsClientProperties.CLIENT_REGION, ""));
    if (!region.isEmpty()) {
      return Optional.of(Region.of(region));
    }
    return properties.containsKey(S3FileIOProperties.ENDPOINT)
        ? Optional.of(Region.of(DEFAULT_REGION))
        : Optional.empty();
  }

  private void applyChecksums(S3ClientBuilder builder) {
    if (sdkChecksums()) {
      builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_SUPPORTED);
      builder.responseChecksumValidation(ResponseChecksumValidation.WHEN_SUPPORTED);
      return;
    }
    builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
    builder.responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    // Some requests, deleting many objects among them, need a digest; older servers know this one.
    builder.addPlugin(LegacyMd5Plugin.create());
  }

  /** The role or the key id where there is one, else everything that picks the credentials. */
  private String identity() {
    Optional<String> role = AssumedRole.arn(properties);
    if (role.isPresent()) {
      return "role " + role.get();
    }
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
