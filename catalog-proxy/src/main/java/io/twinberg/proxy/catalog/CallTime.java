package io.twinberg.proxy.catalog;

/**
 * What a thread's call took so far, and how much of it was waiting for others: for the source, or
 * for the client's body. It belongs to the thread, since a call is answered on one thread from its
 * first step to its last, through steps that know nothing of each other; it is used again for the
 * thread's next call, so that measuring makes no garbage.
 */
public final class CallTime {
  private static final ThreadLocal<CallTime> CURRENT = ThreadLocal.withInitial(CallTime::new);

  private long began;
  private long waited;
  private long waitBegan;
  private int waits;
  private boolean forwarded;

  private CallTime() {}

  /** The time of the call that this thread answers. */
  public static CallTime current() {
    return CURRENT.get();
  }

  /** The thread begins with another call. */
  public void begin() {
    began = System.nanoTime();
    waited = 0;
    waits = 0;
    forwarded = false;
  }

  /** The call goes to its source, and waits for the head of the answer. */
  public void beginForward() {
    forwarded = true;
    beginWait();
  }

  /** The call waits for others. A wait within a wait, for the body of an upload, counts once. */
  public void beginWait() {
    if (waits++ == 0) {
      waitBegan = System.nanoTime();
    }
  }

  /** A wait or a forward has ended. */
  public void endWait() {
    if (--waits == 0) {
      waited += System.nanoTime() - waitBegan;
    }
  }

  /** Whether anything of the call went to its source. */
  public boolean forwarded() {
    return forwarded;
  }

  /** What the call took so far without its waits, in nanoseconds. */
  public long addedNanos() {
    return System.nanoTime() - began - waited;
  }
}
