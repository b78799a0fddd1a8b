package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import io.twinberg.proxy.catalog.ServedCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;

/**
 * A catalog whose answers show a table's newest snapshot and name no earlier file, as Nessie's do.
 */
final class ForgetfulCatalog implements ServedCatalog {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ServedCatalog catalog;

  ForgetfulCatalog(ServedCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public CatalogAnswer answer(CatalogCall call) {
    CatalogAnswer answer = catalog.answer(call);
    if (!call.path().contains("/tables/") || call.method().equals("HEAD")) {
      return answer;
    }
    try (answer) {
      byte[] body = answer.body().readAllBytes();
      return body.length == 0
          ? CatalogAnswer.empty(answer.status())
          : CatalogAnswer.json(answer.status(), forgetting(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] forgetting(byte[] body) throws IOException {
    JsonNode tree = JSON.readTree(body);
    if (tree.get("metadata") instanceof ObjectNode metadata) {
      metadata.putArray("metadata-log");
      metadata.putArray("snapshot-log");
      long current = metadata.path("current-snapshot-id").asLong(-1);
      Iterator<JsonNode> snapshots = metadata.withArray("snapshots").iterator();
      while (snapshots.hasNext()) {
        if (snapshots.next().get("snapshot-id").asLong() != current) {
          snapshots.remove();
        }
      }
    }
    return JSON.writeValueAsBytes(tree);
  }
}
