package io.twinberg.storage;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An S3 object being written: one PUT while everything fits into one part, a multipart upload
 * above. Holds at most one part in memory.
 */
final class S3Output extends StoreOutput {
  private static final int FIRST_BUFFER = 64 * 1024;
  private static final byte[] NOTHING = {};

  private final S3ObjectStore store;
  private final S3Client client;
  private final S3Location target;
  private final int partSize;
  private final S3Digest digest;
  private byte[] buffer;
  private int buffered;
  private @Nullable S3Multipart upload;

  S3Output(S3ObjectStore store, S3Client client, String location, int partSize, S3Digest digest) {
    this.store = store;
    this.client = client;
    this.target = S3Location.ofObject(location);
    this.partSize = partSize;
    this.digest = digest;
    this.buffer = new byte[Math.min(FIRST_BUFFER, partSize)];
  }

  @Override
  void append(byte[] bytes, int offset, int length) {
    int from = offset;
    int end = offset + length;
    while (from < end) {
      if (buffered == partSize) {
        // Sent only when a byte more arrives, so that an object of just one part stays one PUT.
        sendPart();
      }
      int count = Math.min(end - from, partSize - buffered);
      reserve(buffered + count);
      System.arraycopy(bytes, from, buffer, buffered, count);
      buffered += count;
      from += count;
    }
  }

  @Override
  void publish() {
    if (upload == null) {
      store.put(target.toString(), buffer, buffered);
    } else {
      sendPart().complete();
    }
    buffer = NOTHING;
  }

  @Override
  void discard() {
    buffer = NOTHING;
    if (upload != null) {
      upload.abort();
    }
  }

  private void reserve(int size) {
    if (size > buffer.length) {
      long doubled = Math.max(size, 2L * buffer.length);
      buffer = Arrays.copyOf(buffer, (int) Math.min(partSize, doubled));
    }
  }

  private S3Multipart sendPart() {
    S3Multipart parts = upload == null ? S3Multipart.start(client, target) : upload;
    upload = parts;
    parts.add(number -> CompletedPart.builder().eTag(send(parts.uploadId(), number)));
    buffered = 0;
    return parts;
  }

  private String send(String uploadId, int number) {
    return client
        .uploadPart(
            part ->
                part.bucket(target.bucket())
                    .key(target.key())
                    .uploadId(uploadId)
                    .partNumber(number)
                    .contentMD5(digest.of(buffer, buffered)),
            S3ObjectStore.body(buffer, buffered))
        .eTag();
  }
}
