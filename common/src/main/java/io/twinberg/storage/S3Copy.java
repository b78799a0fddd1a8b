package io.twinberg.storage;

import java.time.Duration;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** One copy that the store makes itself. */
final class S3Copy {
  /** The store moves the bytes before it answers, so a copy may take longer than other requests. */
  private static final AwsRequestOverrideConfiguration PATIENT =
      AwsRequestOverrideConfiguration.builder()
          .apiCallAttemptTimeout(Duration.ofMinutes(10))
          .apiCallTimeout(Duration.ofMinutes(30))
          .build();

  private final S3Client client;
  private final S3Limits limits;
  private final S3Location source;
  private final S3Location target;

  S3Copy(S3Client client, S3Limits limits, S3Location source, S3Location target) {
    this.client = client;
    this.limits = limits;
    this.source = source;
    this.target = target;
  }

  void run(long expectedLength) {
    if (expectedLength <= limits.copyLimit()) {
      whole();
    } else {
      inParts();
    }
  }

  private void whole() {
    S3Errors.calling(
        "copy",
        source.toString(),
        () ->
            client.copyObject(
                copy ->
                    copy.sourceBucket(source.bucket())
                        .sourceKey(source.key())
                        .destinationBucket(target.bucket())
                        .destinationKey(target.key())
                        .overrideConfiguration(PATIENT)));
  }

  /**
   * Copies what is there, not what was expected, so that the caller sees a length that is wrong.
   */
  private void inParts() {
    HeadObjectResponse head =
        S3Errors.calling(
            "copy",
            source.toString(),
            () -> client.headObject(ask -> ask.bucket(source.bucket()).key(source.key())));
    S3Multipart upload = S3Multipart.start(client, target);
    try {
      long partSize = partSize(head.contentLength());
      for (long from = 0; from < head.contentLength(); from += partSize) {
        copyPart(upload, head, from, Math.min(from + partSize, head.contentLength()));
      }
      upload.complete();
    } catch (RuntimeException e) {
      upload.abort();
      throw e;
    }
  }

  private long partSize(long length) {
    return Math.max(limits.copyPartSize(), length / S3Multipart.MAX_PARTS + 1);
  }

  private void copyPart(S3Multipart upload, HeadObjectResponse head, long from, long end) {
    upload.add(
        number ->
            CompletedPart.builder()
                .eTag(
                    client
                        .uploadPartCopy(
                            part ->
                                part.sourceBucket(source.bucket())
                                    .sourceKey(source.key())
                                    .copySourceIfMatch(head.eTag())
                                    .copySourceRange("bytes=" + from + "-" + (end - 1))
                                    .destinationBucket(target.bucket())
                                    .destinationKey(target.key())
                                    .uploadId(upload.uploadId())
                                    .partNumber(number)
                                    .overrideConfiguration(PATIENT))
                        .copyPartResult()
                        .eTag()));
  }
}
