package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.http.PathSegments;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the management API of a running server how replicas stand. */
final class StatusClient {
  private static final String API = ManagementClient.API;
  private static final int NOT_FOUND = 404;
  private static final int PAGE_SIZE = 1000;

  /**
   * Which replicas to ask for.
   *
   * @param more further parameters of the API's list, which those of one table have no use for
   * @param order the order of the list
   */
  record Filter(
      Optional<String> source,
      Optional<String> destination,
      Optional<String> state,
      Map<String, String> more,
      StatusOrder order) {
    private Filter byName() {
      return new Filter(source, destination, state, more, StatusOrder.BY_NAME);
    }

    private String query() {
      StringBuilder query =
          new StringBuilder(
              parameter("source", source)
                  + parameter("destination", destination)
                  + parameter("state", state));
      more.forEach((name, value) -> query.append(parameter(name, Optional.of(value))));
      return query
          .append(parameter("sort", order.sort()))
          .append(parameter("order", order.descending() ? Optional.of("desc") : Optional.empty()))
          .toString();
    }

    private boolean takes(JsonNode replica) {
      return matches(destination, replica.path("destination"))
          && matches(state, replica.path("state"));
    }

    private static boolean matches(Optional<String> wanted, JsonNode value) {
      return wanted.isEmpty() || wanted.get().equals(value.asText());
    }
  }

  private final ManagementClient client;
  private final int pageSize;

  StatusClient(ManagementClient client) {
    this(client, PAGE_SIZE);
  }

  StatusClient(ManagementClient client, int pageSize) {
    this.client = client;
    this.pageSize = pageSize;
  }

  /** All replicas of a list, in its order, as one page. */
  ObjectNode all(Filter filter) {
    ObjectNode whole = page(filter, Optional.empty());
    if (whole.path("nextPageToken").isTextual() && !filter.order().byName()) {
      // What pages are sorted by changes while they are read: a replica could pass from the pages
      // to
      // come to those that were read, and be on none. Its name stays.
      Filter byName = filter.byName();
      whole = withFurtherPages(page(byName, Optional.empty()), byName);
      return filter.order().sort(whole);
    }
    return withFurtherPages(whole, filter);
  }

  private ObjectNode page(Filter filter, Optional<String> token) {
    return client.get(
        API + "/status?pageSize=" + pageSize + filter.query() + parameter("pageToken", token));
  }

  private ObjectNode withFurtherPages(ObjectNode first, Filter filter) {
    ArrayNode replicas = first.withArray("replicas");
    JsonNode next = first.path("nextPageToken");
    while (next.isTextual()) {
      ObjectNode page = page(filter, Optional.of(next.asText()));
      page.withArray("replicas").forEach(replicas::add);
      next = page.path("nextPageToken");
    }
    return first.putNull("nextPageToken");
  }

  /** The one table of a name, at the source that is named or at whichever has it. */
  ObjectNode table(String name, Filter filter) {
    String path = path(name);
    List<ObjectNode> found = new ArrayList<>();
    List<String> misses = new ArrayList<>();
    for (String source : filter.source().map(List::of).orElseGet(this::sources)) {
      HttpResponse<String> answer =
          client.send(API + "/sources/" + PathSegments.encode(source) + path);
      if (answer.statusCode() == NOT_FOUND) {
        misses.add(ManagementClient.message(answer));
      } else {
        found.add(client.body(answer));
      }
    }
    if (found.isEmpty()) {
      throw new UsageException(String.join("\n", misses));
    }
    if (found.size() > 1) {
      throw new UsageException(
          "several sources have a table " + name + "; choose one with --source");
    }
    return filtered(found.get(0), filter);
  }

  private static ObjectNode filtered(ObjectNode answer, Filter filter) {
    Iterator<JsonNode> replicas = answer.withArray("replicas").iterator();
    while (replicas.hasNext()) {
      if (!filter.takes(replicas.next())) {
        replicas.remove();
      }
    }
    return answer;
  }

  private List<String> sources() {
    List<String> names = new ArrayList<>();
    client
        .get(API + "/sources")
        .path("sources")
        .forEach(one -> names.add(one.path("name").asText()));
    return names;
  }

  private static String path(String table) {
    TableName name = TableName.parse(table);
    return "/namespaces/"
        + PathSegments.joinLevels(name.namespace(), PathSegments.DEFAULT_SEPARATOR)
        + "/tables/"
        + PathSegments.encode(name.name())
        + "/status";
  }

  private static String parameter(String name, Optional<String> value) {
    return value
        .map(text -> "&" + name + "=" + URLEncoder.encode(text, StandardCharsets.UTF_8))
        .orElse("");
  }
}
