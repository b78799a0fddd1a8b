package io.twinberg.replicator.reconcile;

import io.twinberg.log.Sources;
import io.twinberg.replicator.metadata.MetadataFacts;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers whether a source's metadata files name earlier ones. Where they do not, a commit that
 * the log was not told of can be lost, so that the proxy lets none pass without.
 */
final class ChainEvidence {
  private static final Logger LOG = LoggerFactory.getLogger(ChainEvidence.class);

  private final String source;
  private final Sources sources;
  private volatile Optional<Boolean> known = Optional.empty();

  ChainEvidence(String source, Sources sources) {
    this.source = source;
    this.sources = sources;
  }

  /**
   * A version of a table was logged.
   *
   * @param first whether the log had none of the table before; such a one may come from elsewhere,
   *     and tells something only where nothing better is known
   */
  void logged(boolean first, MetadataFacts facts) {
    boolean kept = !facts.previousFiles().isEmpty();
    if (first ? !kept && facts.lastSequenceNumber() > 1 && known().isEmpty() : !isKnown(kept)) {
      remember(kept);
    }
  }

  private boolean isKnown(boolean kept) {
    return known().equals(Optional.of(kept));
  }

  private Optional<Boolean> known() {
    if (known.isEmpty()) {
      known = sources.keepsMetadataLog(source);
    }
    return known;
  }

  private void remember(boolean kept) {
    sources.noteMetadataLog(source, kept);
    known = Optional.of(kept);
    LOG.info("metadata files name earlier ones source={}: {}", source, kept ? "yes" : "no");
  }
}
