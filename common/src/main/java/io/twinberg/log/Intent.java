package io.twinberg.log;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * An intent as it stands in the log; {@code checks} counts how often the reconciler has looked for
 * it.
 */
public record Intent(
    long id,
    String source,
    String reference,
    IntentKind kind,
    IntentState state,
    List<TableIdentifier> targets,
    byte[] body,
    Instant openedAt,
    Optional<Instant> settledAt,
    int checks,
    Optional<CommittedTable> committed) {
  /** Copies the list. */
  public Intent {
    targets = List.copyOf(targets);
  }
}
