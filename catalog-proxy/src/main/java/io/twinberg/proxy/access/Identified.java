package io.twinberg.proxy.access;

import io.twinberg.config.Grant;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What a credential turned out to be. */
sealed interface Identified {
  /**
   * It is right.
   *
   * @param name whose it is
   * @param renewal makes an access token for its holder, where Twinberg issues such
   */
  record Holder(String name, List<Grant> grants, Optional<Supplier<AccessToken>> renewal)
      implements Identified {}

  /** It was right once: whoever has it was let in then, and does not guess. */
  record Expired(String name, String message) implements Identified {}

  /**
   * It is of this kind, and does not let anybody in.
   *
   * @param isGuess whether it may have been made up to try it out
   */
  record Refused(Reason reason, String message, boolean isGuess) implements Identified {}
}
