package io.twinberg.identity;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The owner of AWS keys: each call is signed by the AWS SDK's own signer, its body's hash included.
 *
 * <p>Paths are signed as services other than S3 check them, and as Iceberg's client signs: dot
 * segments and doubled slashes resolved, then the raw path, which is encoded already, encoded once
 * more. What is sent stays raw. In queries a plus counts as a space.
 *
 * <p>Of the headers only those are covered that a catalog acts upon: what stands between us and it
 * may touch the others (encodings, user agents).
 */
final class SigV4Identity implements Identity {
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final String signingName;
  private final String region;
  private final AwsCredentialsProvider keys;
  private final Clock clock;

  SigV4Identity(String signingName, String region, AwsCredentialsProvider keys, Clock clock) {
    this.signingName = signingName;
    this.region = region;
    this.keys = keys;
    this.clock = clock;
  }

  @Override
  public boolean coversBody() {
    return true;
  }

  @Override
  public Proof prove(OutgoingCall call) {
    AwsCredentials current = currentKeys();
    SdkHttpRequest signed =
        signer
            .sign(
                request ->
                    request
                        .identity(current)
                        .request(unsigned(call))
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(call.body()))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signingName)
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, true)
                        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, true)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                        .putProperty(HttpSigner.SIGNING_CLOCK, clock))
            .request();
    return new Proof(
        signed.headers().entrySet().stream()
            .filter(header -> isOfSignature(header.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, header -> header.getValue().get(0))));
  }

  private AwsCredentials currentKeys() {
    try {
      return keys.resolveCredentials();
    } catch (SdkException e) {
      throw new IdentityException("No AWS keys to sign with: " + String.valueOf(e.getMessage()), e);
    }
  }

  private static SdkHttpRequest unsigned(OutgoingCall call) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.fromValue(call.method()))
            .uri(withoutQuery(call.uri()));
    Optional.ofNullable(call.uri().getRawQuery()).ifPresent(query -> parameters(query, request));
    call.headers().entrySet().stream()
        .filter(header -> isCovered(header.getKey().toLowerCase(Locale.ROOT)))
        .forEach(header -> request.putHeader(header.getKey(), List.copyOf(header.getValue())));
    return request.build();
  }

  private static URI withoutQuery(URI uri) {
    return URI.create(uri.toString().split("\\?", 2)[0]);
  }

  /** Not left to the SDK, which loses what stands behind a second equals sign. */
  private static void parameters(String query, SdkHttpRequest.Builder request) {
    for (String parameter : query.split("&")) {
      String[] pair = parameter.split("=", 2);
      request.appendRawQueryParameter(form(pair[0]), pair.length > 1 ? form(pair[1]) : "");
    }
  }

  private static String form(String encoded) {
    return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
  }

  private static boolean isCovered(String name) {
    return name.equals("content-type")
        || name.equals("idempotency-key")
        || name.startsWith("x-iceberg-");
  }

  private static boolean isOfSignature(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("authorization") || lower.startsWith("x-amz-");
  }

  @Override
  public void close() {
    if (keys instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public String toString() {
    return "SigV4Identity[" + signingName + ", " + region + "]";
  }
}
