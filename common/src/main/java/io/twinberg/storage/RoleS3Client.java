package io.twinberg.storage;

import software.amazon.awssdk.services.s3.DelegatingS3Client;
import software.amazon.awssdk.services.s3.S3Client;

/** A client that owns the role which its requests are signed with. */
final class RoleS3Client extends DelegatingS3Client {
  private final AssumedRole role;

  RoleS3Client(S3Client client, AssumedRole role) {
    super(client);
    this.role = role;
  }

  @Override
  public void close() {
    super.close();
    role.close();
  }
}
