package io.twinberg.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream.Received;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.testing.SigV4Verifier;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls that are signed with SigV4. */
class ForwardSignedTest extends ForwardAsTwinbergSuite {
  private static final String SIGV4 =
      "{ type: sigv4, signing-name: s3tables, region: eu-west-1, access-key-id: AKID, secret-access-key: hush }";
  private static final SigV4Verifier SERVICE =
      new SigV4Verifier("eu-west-1", "s3tables", "AKID", "hush");
  private static final List<String> ODD_TARGETS =
      List.of(
          "namespaces/a%1Fnest",
          "namespaces/a%7Cb/tables/c%20d",
          "namespaces/a+b/tables/%F0%9F%98%80",
          "namespaces/a%2Fb/tables/%252e",
          "namespaces//tables",
          "namespaces/a/tables/",
          "namespaces/(a)!$'*,:@&=~_-",
          "namespaces/a;v=1/tables/t;x",
          "namespaces?parent=a%1Fb&pageToken=&pageSize=2",
          "namespaces?b=2&a=z&a=&a=y%2Fx&empty&z=%20+%7C&q=a=b=c");

  @Test
  void sigv4_overOddTargets_holdsUpstream() throws Exception {
    upstream.config("{\"overrides\":{\"prefix\":\"arn%3Aaws%3As3tables%3A1%3Ab%2Fb\"}}");
    start("", SIGV4);

    for (String path : ODD_TARGETS) {
      String answer = RawClient.get(server.port(), "/catalogs/prod/v1/prod/" + path);
      assertThat(RawClient.status(answer)).as(answer).isEqualTo(200);
    }

    assertThat(upstream.targets())
        .containsExactlyElementsOf(
            ODD_TARGETS.stream()
                .map(path -> "/iceberg/v1/arn%3Aaws%3As3tables%3A1%3Ab%2Fb/" + path)
                .toList());
    assertThat(Stream.concat(upstream.received().stream(), upstream.configRequests().stream()))
        .hasSize(ODD_TARGETS.size() + 1)
        .allSatisfy(request -> assertThat(complaint(request)).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({
    "GET,namespaces/n/tables/t,0",
    "HEAD,namespaces/n,0",
    "DELETE,namespaces/n/tables/t,0",
    "POST,namespaces/n/tables/t,0",
    "POST,namespaces/n/tables/t,1000000",
    "POST,namespaces/n/tables/t/metrics,700",
    "POST,namespaces/n/tables/t/plan,1000000"
  })
  void sigv4_overBodies_holdsUpstream(String method, String path, int size) throws Exception {
    start(ACCESS, SIGV4);
    byte[] body = "x".repeat(size).getBytes(StandardCharsets.UTF_8);
    // Of unknown length where there is one: it goes up chunked and must be signed whole.
    BodyPublisher publisher =
        size == 0
            ? BodyPublishers.noBody()
            : BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(body));

    HttpResponse<String> answer =
        send(
            method,
            "v1/prod/" + path,
            publisher,
            "Authorization",
            "Bearer s-etl",
            "X-Iceberg-Access-Delegation",
            "vended-credentials");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(upstream.received())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.body()).isEqualTo(body);
              assertThat(complaint(request)).isEmpty();
            });
  }

  @Test
  void sigv4_wrongKey_isFoundOutUpstream() throws Exception {
    start("", SIGV4.replace("hush", "wrong"));
    as("any", "GET", "v1/prod/namespaces");

    assertThat(upstream.received())
        .singleElement()
        .satisfies(request -> assertThat(complaint(request)).isPresent());
  }

  @Test
  void sigv4_bodyAboveTheLimit_isRefusedBeforeAnythingIsSigned() throws Exception {
    start("", SIGV4);
    byte[] large = new byte[(64 << 20) + 1];

    HttpResponse<String> answer =
        send("POST", "v1/prod/namespaces/n/tables/t/plan", BodyPublishers.ofByteArray(large));

    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(upstream.received()).isEmpty();
  }

  private static Optional<String> complaint(Received request) {
    return SERVICE.complaint(
        request.method(), request.target(), request.headers(), request.body(), Instant.now());
  }
}
