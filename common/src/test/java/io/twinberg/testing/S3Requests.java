package io.twinberg.testing;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * The requests that an {@link S3Server} got, by kind, and those that it shall refuse.
 *
 * <p>The server makes some requests of its own: a {@link Kind#PUT} and a {@link Kind#DELETE} around
 * each multipart upload, and a {@link Kind#HEAD}, a {@link Kind#GET} and a {@link Kind#PUT_PART}
 * for each part that is copied.
 */
public final class S3Requests {

  /** A kind of request. */
  public enum Kind {
    GET,
    HEAD,
    PUT,
    COPY,
    DELETE,
    LIST,
    START_UPLOAD,
    PUT_PART,
    COMPLETE_UPLOAD,
    ABORT_UPLOAD
  }

  private record Refusal(int status, String code) {}

  private final Map<Kind, Integer> counts = new ConcurrentHashMap<>();
  private final Map<Kind, Refusal> refusals = new ConcurrentHashMap<>();
  private volatile Duration latency = Duration.ZERO;

  /**
   * The number of requests by kind since the start or the last reset; kinds without any are left
   * out.
   */
  public Map<Kind, Integer> counts() {
    return new TreeMap<>(counts);
  }

  /** Starts to count anew. */
  public void reset() {
    counts.clear();
  }

  /** Answers requests of a kind with an error from now on; they are counted all the same. */
  public void refuse(Kind kind, int status, String code) {
    refusals.put(kind, new Refusal(status, code));
  }

  /** Ends all refusals. */
  public void accept() {
    refusals.clear();
  }

  /** Makes every request take so much longer from now on, as if the server were far away. */
  public void latency(Duration time) {
    latency = time;
  }

  <A, B> B pass(Kind kind, A request, Function<A, B> handler) {
    counts.merge(kind, 1, Integer::sum);
    travel();
    Refusal refusal = refusals.get(kind);
    if (refusal != null) {
      throw S3Exception.builder()
          .statusCode(refusal.status)
          .message("Refused by the test")
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode(refusal.code)
                  .errorMessage("Refused by the test")
                  .build())
          .build();
    }
    return handler.apply(request);
  }

  private void travel() {
    long end = System.nanoTime() + latency.toNanos();
    for (long left = latency.toNanos(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
