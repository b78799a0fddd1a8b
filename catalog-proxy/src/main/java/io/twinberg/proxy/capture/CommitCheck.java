package io.twinberg.proxy.capture;

import io.twinberg.proxy.catalog.RefusedException;

/** Looks at a mutating call before anything of it is written or forwarded. */
public interface CommitCheck {
  /** Lets every call go on. */
  CommitCheck NONE = (mutation, body) -> {};

  /**
   * Looks at a call.
   *
   * @throws RefusedException when it must not go on
   */
  void check(Mutation mutation, byte[] body);
}
