package io.twinberg.storage;

import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Request;

/** A client whose every request goes out over another one, signed with keys of its own. */
final class CredentialedS3Client extends DelegatingS3Client {
  private final AwsCredentialsProvider credentials;

  CredentialedS3Client(S3Client shared, AwsCredentialsProvider credentials) {
    super(shared);
    this.credentials = credentials;
  }

  @Override
  protected <T extends S3Request, R> R invokeOperation(T request, Function<T, R> operation) {
    AwsRequestOverrideConfiguration.Builder override =
        request
            .overrideConfiguration()
            .map(AwsRequestOverrideConfiguration::toBuilder)
            .orElseGet(AwsRequestOverrideConfiguration::builder);
    @SuppressWarnings("unchecked") // the builder of a request builds requests of its own type
    T signed =
        (T)
            request.toBuilder()
                .overrideConfiguration(override.credentialsProvider(credentials).build())
                .build();
    return operation.apply(signed);
  }

  /** The shared client stays open: it belongs to somebody else. */
  @Override
  public void close() {}
}
