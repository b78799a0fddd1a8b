package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One multipart upload, from its start to its completion or end. */
final class S3Multipart {
  static final int MAX_PARTS = 10_000;

  private static final Logger log = LoggerFactory.getLogger(S3Multipart.class);

  private final S3Client client;
  private final S3Location target;
  private final String uploadId;
  private final List<CompletedPart> parts = new ArrayList<>();

  private S3Multipart(S3Client client, S3Location target, String uploadId) {
    this.client = client;
    this.target = target;
    this.uploadId = uploadId;
  }

  static S3Multipart start(S3Client client, S3Location target) {
    return S3Errors.calling(
        "write",
        target.toString(),
        () ->
            new S3Multipart(
                client,
                target,
                client
                    .createMultipartUpload(
                        create ->
                            create
                                .bucket(target.bucket())
                                .key(target.key())
                                .contentType("application/octet-stream"))
                    .uploadId()));
  }

  String uploadId() {
    return uploadId;
  }

  /** Sends the next part; the sender gets its number and returns what completes it. */
  void add(IntFunction<CompletedPart.Builder> sender) {
    int number = parts.size() + 1;
    if (number > MAX_PARTS) {
      throw new StoreException(
          Kind.INVALID,
          target.toString(),
          target + " has more than " + MAX_PARTS + " parts; raise s3.multipart.part-size-bytes");
    }
    parts.add(
        S3Errors.calling(
            "write", target.toString(), () -> sender.apply(number).partNumber(number).build()));
  }

  void complete() {
    S3Errors.calling(
        "write",
        target.toString(),
        () ->
            client.completeMultipartUpload(
                complete ->
                    complete
                        .bucket(target.bucket())
                        .key(target.key())
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts))));
  }

  /** Frees the stored parts. Failing to do so costs space, which the bucket's lifecycle frees. */
  void abort() {
    // The abort must reach the store even when an interrupt is what ended the upload.
    boolean interrupted = Thread.interrupted();
    try {
      client.abortMultipartUpload(
          abort -> abort.bucket(target.bucket()).key(target.key()).uploadId(uploadId));
    } catch (SdkException e) {
      log.warn("event=upload_not_aborted target={} upload={}", target, uploadId, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
