package io.twinberg.proxy.audit;

import java.time.Instant;

/**
 * How often calls were refused, and when.
 *
 * @param firstCall the method and path of the first one
 */
record RefusalTally(long calls, Instant first, Instant last, String firstCall) {
  RefusalTally and(RefusalTally later) {
    return new RefusalTally(calls + later.calls, first, later.last, firstCall);
  }
}
