package io.twinberg.testing;

import io.twinberg.fault.CrashPoint;
import io.twinberg.fault.CrashPoints;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A process that dies at a point: from then on nothing in it gets any further. */
public final class Crash implements CrashPoints {
  /** What ends a thread of the process. */
  public static final class SimulatedCrash extends Error {
    private static final long serialVersionUID = 1;

    SimulatedCrash(CrashPoint step) {
      super("crash at " + step, null, false, false);
    }
  }

  private final CrashPoint point;
  private final CountDownLatch reached = new CountDownLatch(1);

  /** A process that will die there. */
  public Crash(CrashPoint point) {
    this.point = point;
  }

  @Override
  public void passed(CrashPoint step) {
    if (step == point) {
      reached.countDown();
    }
    if (reached.getCount() == 0) {
      throw new SimulatedCrash(step);
    }
  }

  /** Waits until it has died; false if it will not. */
  public boolean awaitReached() {
    try {
      return reached.await(3, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
