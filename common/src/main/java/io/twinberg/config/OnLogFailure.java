package io.twinberg.config;

/** What happens to a commit while the database is down. */
public enum OnLogFailure {
  /** It goes on to the source; the reconciler finds it afterwards. */
  FORWARD,
  /** It is refused before anything is forwarded. */
  REJECT
}
