package io.twinberg.proxy.capture;

import io.twinberg.log.Sources;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses commits while the log is away at a source whose metadata names no earlier files: of
 * several that pass unseen, it would show the last one only. Kept in memory, since it is asked for
 * when the database does not answer.
 */
public final class ChainPolicy implements LogFailurePolicy {
  private static final Logger LOG = LoggerFactory.getLogger(ChainPolicy.class);

  private final String source;
  private final Sources sources;
  private volatile OnLogFailure now = OnLogFailure.FORWARD;

  /** Begins with what the database knows of a source. */
  public ChainPolicy(String source, Sources sources) {
    this.source = source;
    this.sources = sources;
    follow();
  }

  @Override
  public OnLogFailure now() {
    return now;
  }

  @Override
  public void follow() {
    try {
      boolean kept = sources.keepsMetadataLog(source).orElse(true);
      OnLogFailure next = kept ? OnLogFailure.FORWARD : OnLogFailure.REJECT;
      if (next != now) {
        LOG.info("source={} on-log-failure={} from now on", source, next);
        now = next;
      }
    } catch (JdbiException e) {
      LOG.debug("source={} on-log-failure stays {}: {}", source, now, e.toString());
    }
  }
}
