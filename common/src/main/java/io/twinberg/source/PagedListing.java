package io.twinberg.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.source.LoadResult.Unavailable;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Reads all pages of one listing; a server that never ends is cut off, not believed. */
final class PagedListing {
  static final int MAX_ITEMS = 1_000_000;

  private final SourceHttp http;

  PagedListing(SourceHttp http) {
    this.http = http;
  }

  <T> List<T> read(URI first, String member, Function<JsonNode, T> item)
      throws ReadFailedException {
    List<T> items = new ArrayList<>();
    Set<String> tokens = new HashSet<>();
    URI uri = first;
    while (true) {
      JsonNode page = page(uri);
      for (JsonNode node : array(page.path(member), uri, member)) {
        items.add(parsed(node, item, uri));
      }
      String next = page.path("next-page-token").asText("");
      if (next.isEmpty()) {
        return items;
      }
      require(tokens.add(next), uri, "the page token repeats");
      require(items.size() + tokens.size() <= MAX_ITEMS, uri, "more than " + MAX_ITEMS + " items");
      uri = RestRoutes.page(first, next);
    }
  }

  private JsonNode page(URI uri) throws ReadFailedException {
    return Answers.json(http.get(uri, Map.of()));
  }

  // An answer without its array is no empty listing: tables would seem dropped.
  private static JsonNode array(JsonNode node, URI uri, String member) throws ReadFailedException {
    require(node.isArray(), uri, "the answer has no array '" + member + "'");
    return node;
  }

  private static <T> T parsed(JsonNode node, Function<JsonNode, T> item, URI uri)
      throws ReadFailedException {
    try {
      return item.apply(node);
    } catch (IllegalArgumentException e) {
      throw new ReadFailedException(Unavailable.because("GET " + uri + ": " + e.getMessage(), e));
    }
  }

  private static void require(boolean condition, URI uri, String message)
      throws ReadFailedException {
    if (!condition) {
      throw new ReadFailedException(Unavailable.because("GET " + uri + ": " + message));
    }
  }
}
