package io.twinberg.storage;

import io.twinberg.storage.StoreException.Kind;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/** The one place that decides what an answer of an S3 service, or none, means. */
final class S3Errors {
  private static final Set<String> DENIED =
      Set.of(
          "AccessDenied",
          "ExpiredToken",
          "InvalidAccessKeyId",
          "InvalidToken",
          "RequestTimeTooSkewed",
          "SignatureDoesNotMatch",
          "TokenRefreshRequired");
  private static final Set<String> THROTTLED = Set.of("SlowDown", "TooManyRequests");

  /** Codes that come with a status which says something else. */
  private static final Set<String> PASSING =
      Set.of("BadDigest", "NoSuchUpload", "OperationAborted", "RequestTimeout", "IncompleteBody");

  private static final Set<String> WRONG_REGION =
      Set.of("AuthorizationHeaderMalformed", "IllegalLocationConstraintException");

  private S3Errors() {}

  /** Runs a call and translates its failure. */
  static <T> T calling(String action, String location, Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkException | IllegalArgumentException e) {
      throw translate(action, location, e);
    }
  }

  static StoreException translate(String action, String location, RuntimeException e) {
    if (e instanceof AwsServiceException answer) {
      return answered(action, location, answer);
    }
    if (e instanceof AbortedException || Thread.currentThread().isInterrupted()) {
      // The SDK may have cleared the flag; whoever loops above must still see it.
      Thread.currentThread().interrupt();
      return failure(Kind.UNAVAILABLE, action, location, "the thread was interrupted", e);
    }
    if (e instanceof IllegalArgumentException) {
      return failure(Kind.INVALID, action, location, e.getMessage(), e);
    }
    return unanswered(action, location, e);
  }

  static StoreException noSuchBucket(String action, String location, RuntimeException cause) {
    return failure(
        Kind.INVALID,
        action,
        location,
        "bucket "
            + S3Location.ofFolder(location).bucket()
            + " does not exist; check its name, s3.endpoint and s3.path-style-access",
        cause);
  }

  static int status(SdkException e) {
    return e instanceof AwsServiceException answer ? answer.statusCode() : 0;
  }

  private static StoreException answered(String action, String location, AwsServiceException e) {
    String code = code(e);
    if (code.equals("NoSuchBucket")) {
      return noSuchBucket(action, location, e);
    }
    Kind kind = kind(code, e);
    return failure(kind, action, location, advice(kind, code, e) + " " + details(code, e), e);
  }

  private static Kind kind(String code, AwsServiceException e) {
    int status = e.statusCode();
    if (THROTTLED.contains(code) || status == 429 || e.isThrottlingException()) {
      return Kind.THROTTLED;
    }
    if (PASSING.contains(code) || status == 408) {
      return Kind.UNAVAILABLE;
    }
    if (DENIED.contains(code) || status == 401 || status == 403) {
      return Kind.DENIED;
    }
    return switch (status) {
      case 404 -> Kind.MISSING;
      case 412 -> Kind.CORRUPT;
      case 501 -> Kind.INVALID;
      default -> status >= 500 || status == 200 ? Kind.UNAVAILABLE : Kind.INVALID;
    };
  }

  private static String advice(Kind kind, String code, AwsServiceException e) {
    if (e instanceof StsException) {
      return "STS does not give out the keys of the role; check client.assume-role.*, and that the"
          + " identity behind s3.access-key-id, or else the environment's, may assume it";
    }
    return switch (kind) {
      case MISSING -> "there is no such object";
      case DENIED ->
          "the store refused; check s3.access-key-id, s3.secret-access-key, the clock, and that the"
              + " identity may do this (some stores also answer so when the object does not exist)";
      case THROTTLED -> "the store asks to slow down";
      case UNAVAILABLE -> "the store failed, try again";
      case CORRUPT -> "the object was replaced meanwhile";
      case INVALID ->
          e.statusCode() == 301 || WRONG_REGION.contains(code)
              ? "the bucket is in another region; check s3.region"
              : "the store rejected the request: "
                  + text(e)
                  + "; if it is an older S3 server, try s3.checksum-mode: when-required";
    };
  }

  private static StoreException unanswered(String action, String location, RuntimeException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Unable to load credentials")
        || message.startsWith("Unable to load region")) {
      return failure(
          message.contains("region") ? Kind.INVALID : Kind.DENIED,
          action,
          location,
          "the environment offers no credentials or region; set s3.access-key-id,"
              + " s3.secret-access-key and s3.region",
          e);
    }
    if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
      return failure(Kind.UNAVAILABLE, action, location, "the store did not answer in time", e);
    }
    return failure(
        Kind.UNAVAILABLE,
        action,
        location,
        "no usable answer ("
            + message
            + "); check s3.endpoint, and client.assume-role.endpoint where it is set",
        e);
  }

  private static StoreException failure(
      Kind kind, String action, String location, String why, RuntimeException cause) {
    return new StoreException(
        kind, location, "Cannot " + action + " " + location + ": " + why, cause);
  }

  private static String text(AwsServiceException e) {
    return e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorMessage();
  }

  private static String details(String code, AwsServiceException e) {
    return "(status " + e.statusCode() + (code.isEmpty() ? "" : ", code " + code) + ")";
  }

  private static String code(AwsServiceException e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
        ? ""
        : e.awsErrorDetails().errorCode();
  }
}
