package io.twinberg.proxy.capture;

/** What happens to a mutating call while the log cannot take its intent. */
public enum OnLogFailure {
  /** Writers go on: it is forwarded without an intent, and a sweep of the source finds it. */
  FORWARD,
  /** Writers wait: it is refused before anything is forwarded. */
  REJECT
}
