package io.twinberg.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.status.StatusSort;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * In which order replicas are listed.
 *
 * @param sort the word that the API sorts by, by name if left out; the API refuses what is none
 */
record StatusOrder(Optional<String> sort, boolean descending) {
  static final StatusOrder BY_NAME = new StatusOrder(Optional.empty(), false);

  /** Whether pages of it are sorted by what does not change. */
  boolean byName() {
    return sort.flatMap(StatusSort::ofWord).orElse(StatusSort.NAME) == StatusSort.NAME;
  }

  /** A whole list that was read in another order, in this one. */
  ObjectNode sort(ObjectNode list) {
    List<JsonNode> replicas = new ArrayList<>();
    list.path("replicas").forEach(replicas::add);
    Comparator<JsonNode> rising =
        comparator().thenComparing(replica -> replica.path("replicaId").asText());
    replicas.sort(descending ? rising.reversed() : rising);
    list.putArray("replicas").addAll(replicas);
    return list;
  }

  private Comparator<JsonNode> comparator() {
    return switch (sort.flatMap(StatusSort::ofWord).orElse(StatusSort.NAME)) {
      case NAME -> throw new IllegalStateException("the API itself sorts by name");
      case STATE -> Comparator.comparing(replica -> replica.path("state").asText());
      case LAG -> Comparator.comparing(replica -> replica.at("/lag/seconds").asDouble());
      case LAST_APPLIED -> Comparator.comparing(replica -> applied(replica.at("/lastApplied/at")));
    };
  }

  /** Replicas without any publication come first, as in the API. */
  private static Instant applied(JsonNode at) {
    return at.isTextual() ? Instant.parse(at.textValue()) : Instant.MIN;
  }
}
