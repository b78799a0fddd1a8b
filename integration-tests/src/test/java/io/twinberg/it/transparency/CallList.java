package io.twinberg.it.transparency;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls: every operation of the specification with its errors, on names that need encoding.
 * Each round has a namespace of its own, whose levels are drawn.
 */
final class CallList {
  private static final List<String> LEVELS =
      List.of("a b", "ü", "a|b", "100%", "x/y", "p\\q", "plus+", "%2F", "q?#", "semi;colon", "e=&");
  private static final String SCHEMA =
      "{\"type\":\"struct\",\"schema-id\":0,\"fields\":"
          + "[{\"id\":1,\"name\":\"id\",\"type\":\"long\",\"required\":false}]}";
  private static final String VIEW_VERSION =
      "{\"version-id\":%1$d,\"timestamp-ms\":1700000000000,\"schema-id\":0,\"summary\":{\"n\":\"%1$d\"},"
          + "\"default-namespace\":[\"d\"],\"representations\":"
          + "[{\"type\":\"sql\",\"sql\":\"select %1$d\",\"dialect\":\"spark\"}]}";

  private final List<Call> calls = new ArrayList<>();
  private final Random random;

  private CallList(long seed) {
    this.random = new Random(seed);
  }

  static List<Call> of(long seed, int rounds) {
    CallList list = new CallList(seed);
    list.outside();
    for (int round = 0; round < rounds; round++) {
      list.round(round);
    }
    return list.calls;
  }

  private void add(String method, String path, String... body) {
    calls.add(body.length == 0 ? Call.of(method, path) : Call.of(method, path, body[0]));
  }

  private void outside() {
    String form = "grant_type=client_credentials&client_id=c&client_secret=s&scope=catalog";
    add("POST", "/v1/oauth/tokens", form);
    calls.set(
        calls.size() - 1,
        calls.get(calls.size() - 1).with("Content-Type", "application/x-www-form-urlencoded"));
    add("GET", "/v1/unknown");
    add("POST", "/v1/namespaces", "no json");
    add("POST", "/v1/namespaces", "{}");
    add("POST", "/v1/namespaces", "{\"namespace\":7}");
    add("PUT", "/v1/namespaces", "{}");
    add("PATCH", "/v1/namespaces", "{}");
    add("DELETE", "/v1/namespaces");
    add("OPTIONS", "/v1/namespaces");
    add("GET", "/v1/namespaces?pageToken=bogus&pageSize=2");
    add("GET", "/v1/namespaces?pageToken=&pageSize=0");
    add("GET", "/v1/namespaces?parent=missing");
    add("POST", "/v1/transactions/commit", "{\"table-changes\":[]}");
  }

  private void round(int round) {
    String level = LEVELS.get(random.nextInt(LEVELS.size()));
    String top = "r" + round + level;
    String namespaces = "/v1/namespaces";
    String ns = namespaces + "/" + encoded(top);
    namespace(top, level, namespaces, ns);
    String simple = namespaces + "/s" + round;
    add("POST", namespaces, "{\"namespace\":[\"s%d\"]}".formatted(round));
    tables(simple, "s" + round);
    reads(simple);
    commits(simple);
    views(simple, "s" + round);
    leave(simple, "s" + round);
    add("DELETE", ns);
    add("DELETE", ns);
  }

  private void namespace(String top, String level, String namespaces, String ns) {
    String create = "{\"namespace\":[%s],\"properties\":{\"owner\":\"%d\"}}";
    int owner = random.nextInt(1000);
    add("POST", namespaces, create.formatted(json(top), owner));
    add("POST", namespaces, create.formatted(json(top), owner));
    add("POST", namespaces, create.formatted(json(top, level), owner));
    add("POST", namespaces, create.formatted(json(top, "z"), owner));
    add("GET", ns);
    add("HEAD", ns);
    add("GET", ns + "%1F" + encoded(level));
    add("HEAD", ns + "%1Fmissing");
    add("GET", ns + "%1Fmissing");
    add("GET", namespaces);
    add("GET", namespaces + "?parent=" + encoded(top));
    add("GET", namespaces + "?parent=" + encoded(top) + "%1Fz&pageToken=&pageSize=1");
    add("GET", namespaces + "?pageToken=&pageSize=1");
    add("GET", namespaces + "?pageToken=${token}&pageSize=1");
    add("POST", ns + "/properties", "{\"removals\":[\"owner\"],\"updates\":{\"k\":\"v\"}}");
    add("POST", ns + "/properties", "{\"removals\":[\"k\"],\"updates\":{\"k\":\"v\"}}");
    add("POST", ns + "/properties", "{");
    add("DELETE", ns + "%1Fz");
    add("DELETE", ns + "%1F" + encoded(level));
    add("DELETE", ns + "%1F" + encoded(level));
  }

  private void tables(String ns, String name) {
    String create = "{\"name\":\"%s\",\"schema\":" + SCHEMA + ",\"properties\":{\"p\":\"1\"}%s}";
    add("GET", ns + "/tables");
    add("POST", ns + "/tables", create.formatted("t", ""));
    add("POST", ns + "/tables", create.formatted("t", ""));
    add("POST", ns + "/tables", create.formatted("u", ""));
    add("POST", ns + "/tables", create.formatted("staged", ",\"stage-create\":true"));
    add("POST", ns + "/tables", "{\"name\":\"broken\"}");
    add("POST", "/v1/namespaces/missing/tables", create.formatted("t", ""));
    add("GET", ns + "/tables");
    add("GET", ns + "/tables?pageToken=&pageSize=1");
    add("GET", ns + "/tables?pageToken=${token}&pageSize=1");
    add("HEAD", ns + "/tables/t");
    add("HEAD", ns + "/tables/staged");
    add("GET", ns + "/tables/missing");
    add("GET", "/v1/namespaces/" + encoded(name + "none") + "/tables/t");
  }

  private void reads(String ns) {
    String t = ns + "/tables/t";
    add("GET", t);
    calls.add(Call.of("GET", t).with("If-None-Match", "${etag}"));
    calls.add(Call.of("GET", t).with("If-None-Match", "\"other\""));
    calls.add(Call.of("GET", t).with("Accept-Encoding", "gzip, lz4-framed, x-gzip"));
    calls.add(Call.of("GET", t).with("X-Iceberg-Access-Delegation", "vended-credentials"));
    add("GET", t + "?snapshots=all");
    add("GET", t + "?snapshots=refs");
    add("GET", t + "?snapshots=");
    add("GET", t + "/credentials");
    add(
        "POST",
        t + "/sign",
        "{\"region\":\"r\",\"method\":\"GET\",\"uri\":\"s3://b/k\",\"headers\":{}}");
    add("POST", t + "/metrics", "{\"report-type\":\"scan-report\"}");
    add("POST", t + "/plan", "{\"select\":[\"id\"],\"filter\":true,\"case-sensitive\":true}");
    add("GET", t + "/plan/${plan}");
    add("POST", t + "/tasks", "{\"plan-task\":\"none\"}");
    add("DELETE", t + "/plan/${plan}");
    add("GET", ns + "/functions");
    add("GET", ns + "/functions/f");
    add("GET", t + "/nothing/here?x=%1F");
  }

  private void commits(String ns) {
    String set =
        "{\"requirements\":[{\"type\":\"assert-table-uuid\",\"uuid\":\"%s\"}],"
            + "\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"k\":\"%d\"}}]}";
    String t = ns + "/tables/t";
    add("GET", t);
    add("POST", t, set.formatted("${uuid}", random.nextInt(100)));
    add("POST", t, set.formatted("00000000-0000-0000-0000-000000000000", 1));
    add("POST", t, "{\"requirements\":[],\"updates\":[{\"action\":\"no-such-action\"}]}");
    add("POST", t, "{\"requirements\":[{\"type\":\"assert-create\"}],\"updates\":[]}");
    add("POST", ns + "/tables/missing", set.formatted("${uuid}", 1));
    calls.add(
        Call.of("POST", t, set.formatted("${uuid}", 5))
            .with("Idempotency-Key", "0190f0e0-0000-7000-8000-000000000001"));
    String change = "{\"identifier\":{\"namespace\":[\"%s\"],\"name\":\"%s\"},%s}";
    String body = set.formatted("${uuid}", 9);
    String inner = body.substring(1, body.length() - 1);
    String name = ns.substring(ns.lastIndexOf('/') + 1);
    add(
        "POST",
        "/v1/transactions/commit",
        "{\"table-changes\":[" + change.formatted(name, "t", inner) + "]}");
    add(
        "POST",
        "/v1/transactions/commit",
        "{\"table-changes\":[" + change.formatted(name, "missing", inner) + "]}");
    add("GET", t + "?snapshots=all");
  }

  private void views(String ns, String name) {
    String create =
        "{\"name\":\"%s\",\"schema\":" + SCHEMA + ",\"properties\":{},\"view-version\":%s}";
    add("GET", ns + "/views");
    add("POST", ns + "/views", create.formatted("v", VIEW_VERSION.formatted(1)));
    add("POST", ns + "/views", create.formatted("v", VIEW_VERSION.formatted(1)));
    add("POST", ns + "/views", create.formatted("t", VIEW_VERSION.formatted(1)));
    add("GET", ns + "/views");
    add("GET", ns + "/views/v");
    add("HEAD", ns + "/views/v");
    add("HEAD", ns + "/views/t");
    add(
        "POST",
        ns + "/views/v",
        "{\"requirements\":[{\"type\":\"assert-view-uuid\",\"uuid\":\"${view}\"}],"
            + "\"updates\":[{\"action\":\"set-properties\",\"updates\":{\"c\":\"d\"}}]}");
    add("POST", "/v1/views/rename", renamed(name, "v", "w"));
    add("POST", "/v1/views/rename", renamed(name, "v", "w"));
    add(
        "POST",
        ns + "/register-view",
        "{\"name\":\"again\",\"metadata-location\":\"${location}\"}");
    add("DELETE", ns + "/views/w");
    add("DELETE", ns + "/views/w");
  }

  private void leave(String ns, String name) {
    add("DELETE", ns);
    add("POST", "/v1/tables/rename", renamed(name, "t", "t2"));
    add("POST", "/v1/tables/rename", renamed(name, "t", "t3"));
    add("POST", "/v1/tables/rename", renamed(name, "t2", "u"));
    add("GET", ns + "/tables/t2");
    add("POST", ns + "/tables/u/unregister");
    add("DELETE", ns + "/tables/t2");
    add("POST", ns + "/register", "{\"name\":\"back\",\"metadata-location\":\"${location}\"}");
    add("POST", ns + "/register", "{\"name\":\"back\",\"metadata-location\":\"${location}\"}");
    add("GET", ns + "/tables/back");
    add("DELETE", ns + "/tables/back?purgeRequested=true");
    add("DELETE", ns + "/tables/u");
    add("DELETE", ns + "/tables/u");
    add("DELETE", ns + "/views/again");
    add("DELETE", ns);
    add("HEAD", ns);
  }

  private static String renamed(String namespace, String from, String to) {
    String identifier = "{\"namespace\":[\"%s\"],\"name\":\"%s\"}";
    return "{\"source\":%s,\"destination\":%s}"
        .formatted(identifier.formatted(namespace, from), identifier.formatted(namespace, to));
  }

  private static String json(String... levels) {
    return Stream.of(levels)
        .map(level -> "\"" + level.replace("\\", "\\\\") + "\"")
        .collect(Collectors.joining(","));
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
