package io.twinberg.status;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Whether a replica has what its source has; derived when asked, never stored. */
public enum ReplicaState {
  /** Versions wait to be applied. */
  PENDING,
  /** Versions wait, and somebody is applying one now. */
  COPYING,
  /** Everything the log knows is applied, and the source was checked recently. */
  COMPLETED,
  /** The last attempt failed; stays until a version is applied, also while another attempt runs. */
  FAILED,
  /**
   * Everything the log knows is applied, but the source was not checked within twice its interval.
   */
  UNKNOWN;

  /** The state as it is written in REST, command line and metrics. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state of a word. */
  public static Optional<ReplicaState> ofWord(String word) {
    return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
  }
}
