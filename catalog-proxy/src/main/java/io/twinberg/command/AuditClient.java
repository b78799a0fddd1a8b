package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Asks the management API of a running server for the audit. */
final class AuditClient {
  private static final String AUDIT = ManagementClient.API + "/audit";
  private static final int MAX_PAGE_SIZE = 1000;

  private final ManagementClient client;

  AuditClient(ManagementClient client) {
    this.client = client;
  }

  /** The newest entries that match, so many at most, as one page. */
  ObjectNode newest(Map<String, String> filter, int limit) {
    ObjectNode whole = client.get(AUDIT + query(filter, Math.min(limit, MAX_PAGE_SIZE)));
    ArrayNode entries = whole.withArray("entries");
    JsonNode next = whole.path("nextPageToken");
    while (next.isTextual() && entries.size() < limit) {
      Map<String, String> further = new LinkedHashMap<>(filter);
      further.put("pageToken", next.asText());
      int size = Math.min(limit - entries.size(), MAX_PAGE_SIZE);
      ObjectNode page = client.get(AUDIT + query(further, size));
      page.withArray("entries").forEach(entries::add);
      next = page.path("nextPageToken");
    }
    return whole.put("nextPageToken", next.isTextual() ? next.asText() : null);
  }

  /** Every entry that matches as a line of JSON, the oldest first. */
  void export(Map<String, String> filter, Consumer<String> line) {
    Map<String, String> whole = new LinkedHashMap<>(filter);
    whole.put("format", "ndjson");
    client.lines(AUDIT + query(whole), line);
  }

  private static String query(Map<String, String> parameters, int size) {
    Map<String, String> page = new LinkedHashMap<>(parameters);
    page.put("pageSize", String.valueOf(size));
    return query(page);
  }

  private static String query(Map<String, String> parameters) {
    StringBuilder query = new StringBuilder();
    parameters.forEach(
        (name, value) ->
            query
                .append(query.isEmpty() ? '?' : '&')
                .append(name)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
    return query.toString();
  }
}
