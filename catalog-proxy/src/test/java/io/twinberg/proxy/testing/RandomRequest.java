package io.twinberg.proxy.testing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** Requests of every kind of wrongness, and right ones among them; drawn from a seed. */
public final class RandomRequest {
  private static final List<String> METHODS =
      List.of(
          "GET",
          "GET",
          "GET",
          "POST",
          "POST",
          "POST",
          "DELETE",
          "PUT",
          "PATCH",
          "OPTIONS",
          "TRACE",
          "CONNECT",
          "get",
          "BREW",
          "G\u0000T",
          "");
  private static final List<String> SEGMENTS =
      List.of(
          "namespaces",
          "tables",
          "views",
          "rename",
          "register",
          "properties",
          "metrics",
          "plan",
          "tasks",
          "credentials",
          "sign",
          "transactions",
          "commit",
          "oauth",
          "tokens",
          "config",
          "ns",
          "t",
          "a%1Fb",
          "%",
          "%zz",
          "%00",
          "..",
          "%2e%2e",
          ".",
          "",
          ";x",
          "a;b=c",
          "%F0%9F%98%80",
          "\u00fc",
          "a b",
          "\\",
          "%5C",
          "%2F",
          "|",
          "a+b",
          "\"",
          "<script>",
          "%C0%AF",
          "*",
          "~",
          "#",
          "{x}");
  private static final List<String> ROOTS =
      List.of(
          "/catalogs/main/v1/main/",
          "/catalogs/main/v1/",
          "/catalogs/up/v1/up/",
          "/catalogs/own/v1/own/",
          "/catalogs/up/v1/",
          "/catalogs/replica/v1/replica/",
          "/v1/",
          "/v1/up/",
          "/management/v1/",
          "/catalogs/",
          "/",
          "/health/",
          "/management/v1/status/",
          "/metrics",
          "//",
          "http://elsewhere/v1/",
          "*",
          "/catalogs/none/v1/");
  private static final List<String> ROUTES =
      List.of(
          "config",
          "namespaces",
          "namespaces/ns",
          "namespaces/ns/tables",
          "namespaces/ns/tables/t",
          "namespaces/ns/views",
          "namespaces/ns/views/v",
          "namespaces/ns/register",
          "tables/rename",
          "namespaces/ns/properties",
          "transactions/commit",
          "namespaces/ns/tables/t/metrics",
          "status",
          "sources",
          "destinations",
          "live",
          "ready",
          "oauth/tokens",
          "namespaces/ns/register-view");
  private static final List<String> QUERIES =
      List.of(
          "",
          "",
          "",
          "?",
          "?warehouse=up",
          "?warehouse=%zz",
          "?pageToken=&pageSize=1",
          "?pageToken=bogus",
          "?pageSize=-1",
          "?pageSize=99999999999",
          "?snapshots=refs",
          "?parent=a%1Fb",
          "?parent=",
          "?state=none",
          "?limit=x&cursor=%00",
          "?&&==&%",
          "?a=\u00e9");
  private static final List<String> HEADERS =
      List.of(
          "Content-Type: application/json",
          "Content-Encoding: gzip",
          "Content-Encoding: br",
          "Accept-Encoding: gzip, lz4-framed",
          "If-None-Match: *",
          "If-None-Match: W/\"",
          "Range: bytes=0-1",
          "Expect: 100-continue",
          "Connection: Upgrade",
          "Upgrade: h2c",
          "HTTP2-Settings: AAMAAABkAAQAAP__",
          "X-Forwarded-Host: evil\"<",
          "X-Forwarded-Proto: https",
          "X-Request-ID: a\u0001b",
          "Idempotency-Key: " + "k".repeat(400),
          "Cookie: a=b",
          "X-Long: " + "y".repeat(3000),
          "Authorization: Basic eDp5",
          "Authorization: Bearer",
          "Authorization: Bearer wrong",
          "Te: trailers",
          "X-Iceberg-Access-Delegation: vended-credentials,remote-signing",
          "Trailer: X");
  private static final List<String> BAD_HEADERS =
      List.of(
          "Transfer-Encoding: chunked",
          "Transfer-Encoding: gzip",
          "Content-Length: 3",
          "Content-Length: 99999999999999",
          "Content-Length: x",
          "Host: two",
          ": none",
          "No-Colon",
          " folded",
          "Expect: miracles",
          "A\u0000: b",
          "B: \u0001");
  private static final List<String> BODIES =
      List.of(
          "",
          "{}",
          "[]",
          "null",
          "7",
          "{\"namespace\":[\"ns\"]}",
          "{\"namespace\":\"ns\"}",
          "{\"namespace\":[null,7,{}]}",
          "{\"namespace\":[\"\"]}",
          "{\"name\":\"t\",\"schema\":7}",
          "{\"name\":\"t\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\",\"type\":\"long\",\"required\":false}]}}",
          "{\"name\":\"t\",\"schema\":{\"type\":\"struct\",\"fields\":[{\"id\":1,\"name\":\"a\",\"type\":\"none\",\"required\":1}]}}",
          "{\"requirements\":[],\"updates\":[{\"action\":\"set-location\",\"location\":\"file:/etc\"}]}",
          "{\"requirements\":[{\"type\":\"assert-create\"}],\"updates\":[{\"action\":\"assign-uuid\",\"uuid\":\"x\"}]}",
          "{\"requirements\":null,\"updates\":[null]}",
          "{\"updates\":[{\"action\":\"remove-snapshots\",\"snapshot-ids\":[1]}]}",
          "{\"source\":{\"namespace\":[\"ns\"],\"name\":\"t\"},\"destination\":{\"namespace\":[\"ns\"],\"name\":\"u\"}}",
          "{\"source\":1}",
          "{\"table-changes\":[{\"identifier\":{\"namespace\":[\"ns\"],\"name\":\"t\"}}]}",
          "{\"table-changes\":7}",
          "{\"removals\":[\"a\"],\"updates\":{\"a\":\"b\"}}",
          "{\"removals\":7}",
          "{\"name\":\"t\",\"metadata-location\":\"file:/etc/passwd\"}",
          "{\"name\":\"t\",\"metadata-location\":\"../x\"}",
          "{\"name\":\"v\",\"schema\":{},\"view-version\":{},\"properties\":{}}",
          "[".repeat(5000),
          "{\"a\":".repeat(2000),
          "\u0000\u00ff\u00fe",
          "grant_type=client_credentials&client_id=a&client_secret=b",
          "{\"namespace\":[\"ns\"],\"properties\":{\"a\":1}}");

  private static final List<String> DECENT_METHODS = List.of("GET", "GET", "POST", "DELETE");

  /** So many of the first roots are served. */
  private static final int DECENT_ROOTS = 7;

  private final Random random;
  private final List<String> authorizations;

  /** Draws from a seed; some requests carry one of these authorizations. */
  public RandomRequest(long seed, List<String> authorizations) {
    this.random = new Random(seed);
    this.authorizations = authorizations;
  }

  /**
   * What one connection sends: a few requests one behind the other, sometimes cut off.
   *
   * @param home the root that requests with nothing wrong are below, empty for any catalog
   */
  public String connection(String home) {
    if (random.nextInt(60) == 0) {
      return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + noise();
    }
    if (random.nextInt(60) == 0) {
      return noise();
    }
    StringBuilder all = new StringBuilder();
    int requests = 1 + random.nextInt(4) / 2;
    for (int i = 0; i < requests; i++) {
      all.append(random.nextBoolean() ? request() : decent(home));
    }
    return random.nextInt(8) == 0 ? all.substring(0, random.nextInt(all.length())) : all.toString();
  }

  private String noise() {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A request with nothing wrong but perhaps what it asks for: these get past the doors. */
  private String decent(String home) {
    String body = one(BODIES);
    return DECENT_METHODS.get(random.nextInt(DECENT_METHODS.size()))
        + " "
        + (home.isEmpty() ? ROOTS.get(random.nextInt(DECENT_ROOTS)) : home)
        + one(ROUTES)
        + " HTTP/1.1\r\nHost: h\r\nAuthorization: "
        + one(authorizations)
        + "\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  private String request() {
    StringBuilder request = new StringBuilder();
    request
        .append(one(METHODS))
        .append(' ')
        .append(path())
        .append(one(QUERIES))
        .append(" HTTP/1.1\r\n");
    if (random.nextInt(40) != 0) {
      request.append("Host: h\r\n");
    }
    if (random.nextInt(3) != 0) {
      request.append("Authorization: ").append(one(authorizations)).append("\r\n");
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      request.append(one(HEADERS)).append("\r\n");
    }
    if (random.nextInt(12) == 0) {
      request.append(one(BAD_HEADERS)).append("\r\n");
    }
    String body = one(BODIES);
    if (random.nextInt(20) != 0) {
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return request.append("\r\n").append(body).toString();
  }

  private String path() {
    StringBuilder path = new StringBuilder(one(ROOTS));
    if (random.nextBoolean()) {
      return path.append(one(ROUTES)).toString();
    }
    for (int i = random.nextInt(6); i > 0; i--) {
      path.append(one(SEGMENTS)).append(i > 1 ? "/" : "");
    }
    return random.nextInt(200) == 0 ? path.append("x".repeat(70_000)).toString() : path.toString();
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
