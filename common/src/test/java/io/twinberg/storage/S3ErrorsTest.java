package io.twinberg.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.storage.StoreException.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ErrorsTest {
  private static final String LOCATION = "s3://lake/t/data/x.parquet";

  @ParameterizedTest
  @CsvSource({
    "404, NoSuchKey, MISSING, false",
    "404, '', MISSING, false",
    "404, NoSuchBucket, INVALID, false",
    "404, NoSuchUpload, UNAVAILABLE, true",
    "403, AccessDenied, DENIED, false",
    "403, '', DENIED, false",
    "403, InvalidAccessKeyId, DENIED, false",
    "403, SignatureDoesNotMatch, DENIED, false",
    "400, ExpiredToken, DENIED, false",
    "401, '', DENIED, false",
    "503, SlowDown, THROTTLED, true",
    "429, '', THROTTLED, true",
    "503, '', UNAVAILABLE, true",
    "500, InternalError, UNAVAILABLE, true",
    "200, InternalError, UNAVAILABLE, true",
    "400, RequestTimeout, UNAVAILABLE, true",
    "400, BadDigest, UNAVAILABLE, true",
    "412, PreconditionFailed, CORRUPT, false",
    "301, PermanentRedirect, INVALID, false",
    "400, InvalidRequest, INVALID, false",
    "501, NotImplemented, INVALID, false"
  })
  void answer_ofTheStore_isOfItsKind(int status, String code, Kind kind, boolean worthRetry) {
    StoreException failure = S3Errors.translate("read", LOCATION, answer(status, code));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.worthRetry()).isEqualTo(worthRetry);
    assertThat(failure).hasMessageContaining(LOCATION);
  }

  @Test
  void answer_ofAnotherRegion_namesTheSetting() {
    assertThat(S3Errors.translate("read", LOCATION, answer(301, "PermanentRedirect")))
        .hasMessageContaining("s3.region");
  }

  @Test
  void noAnswer_inTime_isUnavailable() {
    StoreException failure =
        S3Errors.translate("read", LOCATION, ApiCallTimeoutException.create(100));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
  }

  @Test
  void noCredentials_inTheEnvironment_isDenied() {
    StoreException failure =
        S3Errors.translate(
            "read",
            LOCATION,
            SdkClientException.create("Unable to load credentials from any of the providers"));

    assertThat(failure.kind()).isEqualTo(Kind.DENIED);
    assertThat(failure).hasMessageContaining("s3.access-key-id");
  }

  @Test
  void interruptedCall_keepsTheInterrupt() {
    StoreException failure = S3Errors.translate("read", LOCATION, AbortedException.create("stop"));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(Thread.interrupted()).isTrue();
  }

  private static RuntimeException answer(int status, String code) {
    return S3Exception.builder()
        .statusCode(status)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage("because").build())
        .build();
  }
}
