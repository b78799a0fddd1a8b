package io.twinberg.log;

import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * A commit that is about to be forwarded.
 *
 * @param reference the upstream's reference that the call names (its raw prefix), empty where it
 *     has none
 * @param targets the catalog entries it touches; for a rename the old and the new name
 * @param body the request's body as it came, without any credentials
 */
public record NewIntent(
    String source,
    String reference,
    IntentKind kind,
    List<TableIdentifier> targets,
    byte[] body,
    String requestId,
    Optional<String> idempotencyKey) {
  /** Copies the list. */
  public NewIntent {
    targets = List.copyOf(targets);
  }
}
