package io.twinberg.proxy.capture;

import io.twinberg.log.IntentKind;
import java.util.List;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A mutating call.
 *
 * @param targets the catalog entries that it touches, as far as path and body tell. For a namespace
 *     the entry is its last level in its parent
 */
public record Mutation(IntentKind kind, List<TableIdentifier> targets) {
  /** Copies the list. */
  public Mutation {
    targets = List.copyOf(targets);
  }
}
