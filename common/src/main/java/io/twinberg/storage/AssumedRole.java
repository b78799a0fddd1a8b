package io.twinberg.storage;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.aws.AwsProperties;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The keys of an AWS role, fetched from STS and renewed before they expire. The properties are
 * those of Iceberg's own client factory for roles, which has none for the endpoint.
 */
final class AssumedRole implements AwsCredentialsProvider, SdkAutoCloseable {
  static final String ENDPOINT = "client.assume-role.endpoint";

  /** What all of its properties begin with. */
  static final String PREFIX = "client.assume-role.";

  private final StsClient sts;
  private final StsAssumeRoleCredentialsProvider provider;

  private AssumedRole(StsClient sts, AwsProperties role) {
    this.sts = sts;
    this.provider =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts)
            .refreshRequest(request(role))
            .build();
  }

  /** The role's ARN, if a configuration names a role. */
  static Optional<String> arn(Map<String, String> properties) {
    return Optional.ofNullable(properties.get(AwsProperties.CLIENT_ASSUME_ROLE_ARN));
  }

  /** Refuses the other properties of a role without the role itself. */
  static void check(Map<String, String> properties) {
    if (arn(properties).isPresent()) {
      return;
    }
    properties.keySet().stream()
        .filter(key -> key.startsWith(PREFIX))
        .findFirst()
        .ifPresent(
            key -> {
              throw new IllegalArgumentException(
                  key + " has no effect without " + AwsProperties.CLIENT_ASSUME_ROLE_ARN);
            });
  }

  /**
   * Keys of the role that a configuration names; nothing is asked before they are used.
   *
   * @param caller who asks STS for them
   * @param region of STS, where the configuration has none for it
   */
  static AssumedRole of(
      Map<String, String> properties,
      AwsCredentialsProvider caller,
      @Nullable Region region,
      SdkHttpClient.Builder<?> http) {
    AwsProperties role = new AwsProperties(properties);
    StsClientBuilder sts = StsClient.builder().credentialsProvider(caller).httpClientBuilder(http);
    if (role.clientAssumeRoleRegion() != null) {
      sts.region(Region.of(role.clientAssumeRoleRegion()));
    } else if (region != null) {
      sts.region(region);
    }
    if (properties.containsKey(ENDPOINT)) {
      sts.endpointOverride(URI.create(properties.get(ENDPOINT)));
    }
    return new AssumedRole(sts.build(), role);
  }

  private static AssumeRoleRequest request(AwsProperties role) {
    String session = role.clientAssumeRoleSessionName();
    return AssumeRoleRequest.builder()
        .roleArn(role.clientAssumeRoleArn())
        .roleSessionName(session == null ? "twinberg-" + UUID.randomUUID() : session)
        .durationSeconds(role.clientAssumeRoleTimeoutSec())
        .externalId(role.clientAssumeRoleExternalId())
        .tags(role.stsClientAssumeRoleTags())
        .build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return provider.resolveCredentials();
  }

  @Override
  public void close() {
    provider.close();
    sts.close();
  }
}
