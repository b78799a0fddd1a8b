package io.twinberg.proxy.capture;

import io.twinberg.log.NewIntent;

/** Is told what capture saw, so that it need not be polled for; must return at once. */
public interface CaptureListener {
  /** An intent has been written, and its call is about to be forwarded. */
  void opened(NewIntent intent);

  /** An intent of the source was settled and waits to be explained. */
  void settled(String source);

  /** A mutating call went to the source without an intent: only a sweep can find what it did. */
  void missed(String source);
}
