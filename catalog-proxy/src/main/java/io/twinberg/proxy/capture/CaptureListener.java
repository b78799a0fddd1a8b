package io.twinberg.proxy.capture;

import io.twinberg.log.NewIntent;

/** Is told what capture saw, so that it need not be polled for; must return at once. */
public interface CaptureListener {
  /** An intent has been written, and its call is about to be forwarded. */
  void opened(NewIntent intent);

  /** An intent of the source was settled and waits to be explained. */
  void settled(String source);

  /**
   * Mutating calls went to the source without an intent: only a sweep that begins now or later can
   * find what they did. Told beside the calls, and again for as long as this throws.
   */
  void missed(String source);
}
