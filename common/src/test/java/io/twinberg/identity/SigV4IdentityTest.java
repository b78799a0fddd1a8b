package io.twinberg.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.twinberg.config.Secret;
import io.twinberg.config.SourceAuth;
import io.twinberg.testing.SigV4Verifier;
import io.twinberg.testing.SteppedClock;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Signatures, checked by an implementation of the specification that shares no code with them. */
class SigV4IdentityTest {
  private static final String HOST = "catalog.example:8443";
  private static final SigV4Verifier SERVICE =
      new SigV4Verifier("eu-west-1", "s3tables", "AKID", "s3cr/et+key");
  private static final byte[] NONE = {};

  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T23:59:59Z"));
  private final Identity identity =
      Identities.of(
          new SourceAuth.SigV4(
              "s3tables",
              "eu-west-1",
              Optional.of(Secret.of("AKID")),
              Optional.of(Secret.of("s3cr/et+key"))),
          URI.create("https://" + HOST),
          clock);

  private Map<String, List<String>> sent(String method, String target, byte[] body) {
    Map<String, List<String>> headers = new HashMap<>();
    headers.put("Content-Type", List.of("application/json"));
    headers.put("X-Iceberg-Access-Delegation", List.of("vended-credentials, x", "  remote   y "));
    headers.put("User-Agent", List.of("changes on its way"));
    OutgoingCall call =
        new OutgoingCall(method, URI.create("https://" + HOST + target), headers, body);
    identity.prove(call).headers().forEach((name, value) -> headers.put(name, List.of(value)));
    headers.put("Host", List.of(HOST));
    headers.put("User-Agent", List.of("changed"));
    return headers;
  }

  private Optional<String> complaint(SigV4Verifier service, String method, String t, byte[] body) {
    return service.complaint(method, t, sent(method, t, body), body, clock.instant());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/iceberg/v1/config",
        "/iceberg/v1/arn%3Aaws%3As3tables%3Aeu%3A1%3Abucket%2Fb/namespaces",
        "/v1/namespaces/a%1Fb/tables/c%7Cd",
        "/v1/namespaces/a%1fb/tables/c%7cd",
        "/v1/namespaces/a%20b/tables/c+d",
        "/v1/namespaces/%F0%9F%98%80/tables/%C3%A9",
        "/v1/namespaces/%FF%FE/tables/100%25",
        "/v1/namespaces/%252e%252e/tables/t",
        "/v1/namespaces/(a)!$'*,:@&=~_-;v=1",
        "/v1//namespaces//tables",
        "/v1/namespaces/a/./b/../tables",
        "/v1/namespaces/a/tables/",
        "/v1/namespaces?parent=a%1Fb&pageToken=&pageSize=2",
        "/v1/namespaces?b=2&a=z&a=&a=y%2Fx&B=1&empty&z=%20+%7C~*",
        "/v1/namespaces?parent=%F0%9F%98%80&a=b=c&%C3%A9=1",
        "/v1/config?warehouse=arn:aws:s3tables:eu:1:bucket/b",
        "/v1/config?"
      })
  void signature_overOddTargets_holds(String target) {
    assertThat(complaint(SERVICE, "GET", target, NONE)).isEmpty();
    assertThat(complaint(SERVICE, "HEAD", target, NONE)).isEmpty();
    assertThat(complaint(SERVICE, "DELETE", target, NONE)).isEmpty();
    assertThat(complaint(SERVICE, "POST", target, "{}".getBytes(StandardCharsets.UTF_8))).isEmpty();
  }

  @Test
  void signature_overABigBody_holdsForThatBodyOnly() {
    byte[] body = new byte[1 << 20];
    new Random(7).nextBytes(body);
    Map<String, List<String>> headers = sent("POST", "/v1/x", body);
    assertThat(SERVICE.complaint("POST", "/v1/x", headers, body, clock.instant())).isEmpty();

    body[500_000]++;
    assertThat(SERVICE.complaint("POST", "/v1/x", headers, body, clock.instant())).isPresent();
    assertThat(SERVICE.complaint("POST", "/v1/x", headers, NONE, clock.instant())).isPresent();
  }

  @Test
  void signature_forAnotherRequestKeyScopeOrTime_isRefused() {
    Map<String, List<String>> headers = sent("GET", "/v1/a%1Fb?x=1", NONE);
    Instant now = clock.instant();
    assertThat(SERVICE.complaint("GET", "/v1/a%1Fb?x=1", headers, NONE, now)).isEmpty();

    assertThat(SERVICE.complaint("HEAD", "/v1/a%1Fb?x=1", headers, NONE, now)).isPresent();
    assertThat(SERVICE.complaint("GET", "/v1/a%1fb?x=1", headers, NONE, now)).isPresent();
    assertThat(SERVICE.complaint("GET", "/v1/a%1Fb?x=2", headers, NONE, now)).isPresent();
    assertThat(SERVICE.complaint("GET", "/v1/a%1Fb", headers, NONE, now)).isPresent();
    assertThat(
            SERVICE.complaint(
                "GET", "/v1/a%1Fb?x=1", headers, NONE, now.plus(Duration.ofMinutes(6))))
        .contains("too old");
    SigV4Verifier otherKey = new SigV4Verifier("eu-west-1", "s3tables", "AKID", "wrong");
    assertThat(complaint(otherKey, "GET", "/v1/x", NONE)).isPresent();
    SigV4Verifier otherRegion = new SigV4Verifier("us-east-1", "s3tables", "AKID", "s3cr/et+key");
    assertThat(complaint(otherRegion, "GET", "/v1/x", NONE)).isPresent();
    SigV4Verifier otherService = new SigV4Verifier("eu-west-1", "glue", "AKID", "s3cr/et+key");
    assertThat(complaint(otherService, "GET", "/v1/x", NONE)).isPresent();
    headers.put("x-iceberg-access-delegation", List.of("other"));
    headers.remove("X-Iceberg-Access-Delegation");
    assertThat(SERVICE.complaint("GET", "/v1/a%1Fb?x=1", headers, NONE, now)).isPresent();
  }

  @Test
  void signature_withTemporaryKeys_carriesTheirSessionSigned() {
    Identity temporary =
        new SigV4Identity(
            "s3tables",
            "eu-west-1",
            () -> AwsSessionCredentials.create("AKID", "s3cr/et+key", "session"),
            clock);
    Map<String, List<String>> headers = new HashMap<>();
    URI uri = URI.create("https://" + HOST + "/v1/config");
    temporary
        .prove(OutgoingCall.withoutBody("GET", uri, Map.of()))
        .headers()
        .forEach((name, value) -> headers.put(name, List.of(value)));
    headers.put("Host", List.of(HOST));

    assertThat(headers).containsEntry("X-Amz-Security-Token", List.of("session"));
    assertThat(SERVICE.complaint("GET", "/v1/config", headers, NONE, clock.instant())).isEmpty();
  }

  @Test
  void keys_notToBeHad_saySo() {
    Identity poor =
        new SigV4Identity(
            "s3tables",
            "eu-west-1",
            () -> {
              throw SdkClientException.create("no provider has keys");
            },
            clock);
    OutgoingCall call = OutgoingCall.withoutBody("GET", URI.create("http://h/"), Map.of());

    assertThatThrownBy(() -> poor.prove(call))
        .isInstanceOf(IdentityException.class)
        .hasMessage("No AWS keys to sign with: no provider has keys");
  }

  @Test
  void prints_holdNoSecret() {
    Proof proof =
        identity.prove(OutgoingCall.withoutBody("GET", URI.create("http://h/"), Map.of()));

    assertThat(identity.toString() + proof)
        .contains("Authorization", "s3tables")
        .doesNotContain("s3cr", "Signature");
    assertThat(Identity.bearer("hush").toString()).doesNotContain("hush");
    assertThatThrownBy(() -> Identity.bearer("hush hush")).hasMessageNotContaining("hush");
  }
}
