package io.twinberg.proxy.guard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.catalog.Caller.Access;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.ServedCatalog;
import io.twinberg.proxy.catalog.UpstreamException;
import io.twinberg.proxy.catalog.UpstreamException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Namespaces as callers see them that may not read all: those they may, and the way there. */
record GrantedListing(String catalog, Access access) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT = 16 * 1024 * 1024;
  private static final Set<String> OF_THE_WHOLE_LIST =
      Set.of("content-length", "content-encoding", "etag", "last-modified");

  /** Asks for the listing and leaves out what the caller may not see; pages may become empty. */
  CatalogAnswer answer(CatalogCall call, ServedCatalog next) {
    CatalogAnswer answer = next.answer(readable(call));
    if (answer.status() != 200) {
      return answer;
    }
    try (answer) {
      byte[] body = answer.body().readNBytes(LIMIT + 1);
      if (body.length > LIMIT || !(JSON.readTree(body) instanceof ObjectNode list)) {
        throw new IOException("it is no JSON object of at most " + LIMIT + " bytes");
      }
      filter(list);
      return new CatalogAnswer(
          200,
          without(answer.headers(), OF_THE_WHOLE_LIST),
          new ByteArrayInputStream(JSON.writeValueAsBytes(list)));
    } catch (IOException e) {
      throw new UpstreamException(
          Kind.BROKEN, "Catalog " + catalog + " gave no list of namespaces: " + e.getMessage(), e);
    }
  }

  private static CatalogCall readable(CatalogCall call) {
    List<Header> headers =
        new ArrayList<>(without(call.headers(), Set.of("accept-encoding", "if-none-match")));
    headers.add(new Header("Accept-Encoding", "identity"));
    return call.withHeaders(headers);
  }

  private void filter(ObjectNode list) {
    ArrayNode seen = JSON.createArrayNode();
    list.path("namespaces").forEach(namespace -> addIfSeen(namespace, seen));
    list.set("namespaces", seen);
  }

  private void addIfSeen(JsonNode namespace, ArrayNode seen) {
    List<String> levels = new ArrayList<>();
    namespace.forEach(level -> levels.add(level.asText()));
    if (access.maySee(catalog, levels)) {
      seen.add(namespace);
    }
  }

  private static List<Header> without(List<Header> headers, Set<String> names) {
    return headers.stream()
        .filter(header -> !names.contains(header.name().toLowerCase(Locale.ROOT)))
        .toList();
  }
}
