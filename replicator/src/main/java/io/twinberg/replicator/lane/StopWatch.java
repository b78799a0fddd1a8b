package io.twinberg.replicator.lane;

import io.twinberg.config.DataSize;
import io.twinberg.replica.Replicas;
import io.twinberg.wake.Wake;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether somebody, in whatever process, has paused or dropped what a lane of this process
 * works on, and stops it; or has changed how fast it may be written. Without work it asks nothing.
 */
final class StopWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StopWatch.class);

  private final Replicas replicas;
  private final WorkUnderWay work;
  private final Duration poll;
  private final Wake bell = new Wake();

  StopWatch(Replicas replicas, WorkUnderWay work, Duration poll) {
    this.replicas = replicas;
    this.work = work;
    this.poll = poll;
  }

  @Override
  public void run() {
    bell.repeat(poll, this::look);
  }

  private void look() {
    List<ClaimedWork> claims = work.all();
    if (claims.isEmpty()) {
      return;
    }
    try {
      Map<String, Optional<DataSize>> going =
          replicas.going(claims.stream().map(ClaimedWork::replicaId).toList());
      claims.forEach(claim -> tell(claim, going.get(claim.replicaId())));
    } catch (RuntimeException e) {
      LOG.warn("not known whether replicas were paused or dropped, asked again: {}", e.toString());
    }
  }

  private static void tell(ClaimedWork claim, @Nullable Optional<DataSize> limit) {
    if (limit == null) {
      claim.stop().stop();
    } else {
      claim.limit(limit);
    }
  }

  void end() {
    bell.end();
  }
}
