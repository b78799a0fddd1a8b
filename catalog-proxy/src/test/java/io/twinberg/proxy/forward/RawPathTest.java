package io.twinberg.proxy.forward;

import static org.assertj.core.api.Assertions.assertThat;

import io.twinberg.proxy.testing.FakeUpstream;
import io.twinberg.proxy.testing.RawClient;
import io.twinberg.proxy.testing.TestProxy;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Paths and queries arrive at the upstream byte for byte. */
class RawPathTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "namespaces/a%1Fnest",
        "namespaces/a%1fnest/tables",
        "namespaces/a%7Cb",
        "namespaces/a%2Fb/tables/t%2F",
        "namespaces/100%25/tables/%2525",
        "namespaces/a+b/tables/c%20d",
        "namespaces/a%5Cb",
        "namespaces/a;v=1/tables/t;x",
        "namespaces//tables",
        "namespaces/a/tables/",
        "namespaces/%F0%9F%98%80/tables/%C3%A9",
        "namespaces/%FF%FE",
        "namespaces/a%3Fb%23c",
        "namespaces/%252e%252e/tables/t",
        "namespaces/a..b/tables/...",
        "namespaces/(a)!$'*,:@&=~_-",
        "namespaces?parent=a%1Fb&pageToken=&pageSize=2",
        "namespaces/a/tables/t?snapshots=all&x=%2F%7C+%20&&=",
        "main/unknown/route%7C?a?b",
        "namespaces/a/tables?",
      })
  void path_whateverItHolds_arrivesAsItWas(String path) throws Exception {
    try (FakeUpstream upstream = new FakeUpstream();
        TestProxy proxy = new TestProxy(folder, upstream.uri())) {
      upstream.config("{\"defaults\":{\"prefix\":\"main%7Csecond\"},\"overrides\":{}}");

      String answer = RawClient.get(proxy.port(), "/catalogs/prod/v1/prod/" + path);

      assertThat(RawClient.status(answer)).as(answer).isEqualTo(200);
      assertThat(upstream.targets()).containsExactly("/iceberg/v1/main%7Csecond/" + path);
    }
  }
}
