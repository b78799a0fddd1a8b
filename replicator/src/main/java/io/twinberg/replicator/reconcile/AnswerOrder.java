package io.twinberg.replicator.reconcile;

import io.twinberg.log.CommittedTable;
import io.twinberg.log.Intent;
import io.twinberg.replicator.metadata.InvalidMetadataException;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The order in which intents are explained: answers that carry a version come oldest version first,
 * so that none of them finds a later one in its place. Only a help: what counts is the chain.
 */
final class AnswerOrder {
  private AnswerOrder() {}

  static List<Intent> of(List<Intent> due) {
    if (due.size() < 2) {
      return due;
    }
    Map<Long, Instant> updatedAt = new HashMap<>();
    due.forEach(
        intent ->
            updatedAt.put(
                intent.id(), intent.committed().map(AnswerOrder::updatedAt).orElse(Instant.MAX)));
    return due.stream()
        .sorted(Comparator.comparing((Intent intent) -> updatedAt.get(intent.id())))
        .toList();
  }

  private static Instant updatedAt(CommittedTable table) {
    try {
      return MetadataFacts.of(table.metadata().bytes()).lastUpdatedAt();
    } catch (InvalidMetadataException e) {
      return Instant.MAX;
    }
  }
}
