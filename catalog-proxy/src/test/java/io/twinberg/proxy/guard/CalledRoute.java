package io.twinberg.proxy.guard;

import java.util.List;
import java.util.stream.Stream;

/**
 * A call of every route of the REST specification, and what it needs, written down a second time.
 *
 * @param path with {@code NS} for the namespace
 * @param body with {@code LEVELS} for the namespace's levels in JSON
 */
record CalledRoute(String method, String path, String body, Need need) {
  /** What a call needs. */
  enum Need {
    ANY_GRANT,
    SEEING,
    READING,
    WRITING,
    READING_ALL,
    WRITING_ALL,
    /** To write, where the catalog's credentials can; else to read. */
    CREDENTIALS
  }

  private static final String TABLE = "v1/namespaces/NS/tables/t";
  private static final String VIEW = "v1/namespaces/NS/views/v";
  private static final String RENAME =
      "{\"source\":{\"namespace\":LEVELS,\"name\":\"t\"},"
          + "\"destination\":{\"namespace\":LEVELS,\"name\":\"u\"}}";
  private static final String SIGN =
      "{\"region\":\"r\",\"method\":\"%s\",\"uri\":\"http://s/k\",\"headers\":{}}";

  /** The operations of the specification, in its order, and some that are none. */
  static final List<CalledRoute> ALL =
      Stream.of(
              call("GET", "v1/config", Need.ANY_GRANT),
              call("GET", "v1/namespaces?parent=NS", Need.SEEING),
              call("POST", "v1/namespaces", Need.WRITING, "{\"namespace\":LEVELS}"),
              call("GET", "v1/namespaces/NS", Need.READING),
              call("HEAD", "v1/namespaces/NS", Need.SEEING),
              call("DELETE", "v1/namespaces/NS", Need.WRITING),
              call("POST", "v1/namespaces/NS/properties", Need.WRITING, "{\"removals\":[]}"),
              call("GET", "v1/namespaces/NS/tables", Need.READING),
              call("POST", "v1/namespaces/NS/tables", Need.WRITING, "{\"name\":\"t\"}"),
              call("GET", "v1/namespaces/NS/functions", Need.READING),
              call("GET", "v1/namespaces/NS/functions/f", Need.READING),
              call("POST", TABLE + "/plan", Need.READING, "{}"),
              call("GET", TABLE + "/plan/some-id", Need.READING),
              call("DELETE", TABLE + "/plan/some-id", Need.READING),
              call("POST", TABLE + "/tasks", Need.READING, "{}"),
              call("POST", "v1/namespaces/NS/register", Need.WRITING, "{\"name\":\"t\"}"),
              call("GET", TABLE, Need.READING),
              call("GET", TABLE + "?snapshots=refs", Need.READING),
              call("POST", TABLE, Need.WRITING, "{\"requirements\":[],\"updates\":[]}"),
              call("DELETE", TABLE + "?purgeRequested=true", Need.WRITING),
              call("HEAD", TABLE, Need.READING),
              call("POST", TABLE + "/unregister", Need.WRITING),
              call("GET", TABLE + "/credentials", Need.CREDENTIALS),
              call("POST", TABLE + "/sign", Need.READING, SIGN.formatted("GET")),
              call("POST", TABLE + "/sign", Need.READING, SIGN.formatted("HEAD")),
              call("POST", TABLE + "/sign", Need.WRITING, SIGN.formatted("PUT")),
              call("POST", TABLE + "/sign", Need.WRITING, SIGN.formatted("get")),
              call("POST", "v1/tables/rename", Need.WRITING, RENAME),
              call("POST", TABLE + "/metrics", Need.READING, "{}"),
              call(
                  "POST",
                  "v1/transactions/commit",
                  Need.WRITING,
                  "{\"table-changes\":[{\"identifier\":{\"namespace\":LEVELS,\"name\":\"t\"},"
                      + "\"requirements\":[],\"updates\":[]}]}"),
              call("GET", "v1/namespaces/NS/views", Need.READING),
              call("POST", "v1/namespaces/NS/views", Need.WRITING, "{\"name\":\"v\"}"),
              call("GET", VIEW, Need.READING),
              call("POST", VIEW, Need.WRITING, "{\"requirements\":[],\"updates\":[]}"),
              call("DELETE", VIEW, Need.WRITING),
              call("HEAD", VIEW, Need.READING),
              call("POST", "v1/views/rename", Need.WRITING, RENAME),
              call("POST", "v1/namespaces/NS/register-view", Need.WRITING, "{\"name\":\"v\"}"),
              // The signer that Iceberg's client asks when the catalog names none.
              call("POST", "v1/aws/s3/sign", Need.READING_ALL, SIGN.formatted("GET")),
              call("POST", "v1/aws/s3/sign", Need.WRITING_ALL, SIGN.formatted("DELETE")),
              // What nobody knows.
              call("GET", "v1/nothing/known", Need.READING_ALL),
              call("OPTIONS", TABLE, Need.READING_ALL),
              call("POST", "v1/namespaces/NS/unheard-of", Need.WRITING_ALL, "{}"),
              call("PUT", TABLE, Need.WRITING_ALL, "{}"),
              call("PATCH", TABLE, Need.WRITING_ALL, "{}"),
              call("DELETE", "v1/namespaces", Need.WRITING_ALL),
              call("POST", "v1/main/s3sign/blob", Need.WRITING_ALL, SIGN.formatted("PUT")),
              call("GET", "v1/main/namespaces/NS/tables/t/credentials", Need.WRITING_ALL))
          .toList();

  private static CalledRoute call(String method, String path, Need need) {
    return new CalledRoute(method, path, "", need);
  }

  private static CalledRoute call(String method, String path, Need need, String body) {
    return new CalledRoute(method, path, body, need);
  }

  String pathIn(List<String> namespace) {
    return path.replace("NS", String.join("%1F", namespace));
  }

  String bodyIn(List<String> namespace) {
    String levels = String.join(",", namespace.stream().map(level -> '"' + level + '"').toList());
    return body.replace("LEVELS", "[" + levels + "]");
  }

  @Override
  public String toString() {
    return method + " " + path + (body.contains("method") ? " " + body : "");
  }
}
