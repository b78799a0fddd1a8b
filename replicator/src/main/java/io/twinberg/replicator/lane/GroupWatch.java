package io.twinberg.replicator.lane;

import io.twinberg.replica.GroupPublisher;
import io.twinberg.wake.Wake;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after groups whose last lane did not complete them: one of their members was paused or
 * dropped, the process of a lane died, or the hold is over. Beside the dispatcher, since that waits
 * for a free lane.
 */
final class GroupWatch implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupWatch.class);

  private final GroupPublisher groups;
  private final Wake lanes;
  private final Duration poll;
  private final Wake bell = new Wake();

  GroupWatch(GroupPublisher groups, Wake lanes, Duration poll) {
    this.groups = groups;
    this.lanes = lanes;
    this.poll = poll;
  }

  @Override
  public void run() {
    bell.repeat(poll, this::look);
  }

  private void look() {
    try {
      if (groups.publishDue()) {
        // Lanes write the pointer objects of what has moved, and go on.
        lanes.signal();
      }
    } catch (RuntimeException e) {
      LOG.warn("groups not looked after, tried again: {}", e.toString());
    }
  }

  void end() {
    bell.end();
  }
}
