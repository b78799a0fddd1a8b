package io.twinberg.storage;

import java.util.Map;
import java.util.Set;
import org.apache.iceberg.aws.AwsClientProperties;
import org.apache.iceberg.aws.s3.S3FileIOProperties;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/** The properties that say with which keys requests are signed. */
public final class S3Keys {
  private static final Set<String> NAMES =
      Set.of(
          S3FileIOProperties.ACCESS_KEY_ID,
          S3FileIOProperties.SECRET_ACCESS_KEY,
          S3FileIOProperties.SESSION_TOKEN,
          S3FileIOProperties.SESSION_TOKEN_EXPIRES_AT_MS);

  private S3Keys() {}

  /** Whether a property is about keys: given ones, a role's or a provider's. */
  public static boolean names(String property) {
    return NAMES.contains(property)
        || property.startsWith(AssumedRole.PREFIX)
        || property.startsWith(AwsClientProperties.CLIENT_CREDENTIALS_PROVIDER);
  }

  static AwsCredentials of(Map<String, String> properties) {
    String id = properties.get(S3FileIOProperties.ACCESS_KEY_ID);
    String secret = properties.get(S3FileIOProperties.SECRET_ACCESS_KEY);
    String token = properties.get(S3FileIOProperties.SESSION_TOKEN);
    if (id == null || secret == null) {
      throw new IllegalArgumentException("s3.access-key-id and s3.secret-access-key are missing");
    }
    return token == null || token.isEmpty()
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }
}
