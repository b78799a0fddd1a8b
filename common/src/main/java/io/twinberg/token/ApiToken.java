package io.twinberg.token;

import io.twinberg.config.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A token that the management API made.
 *
 * @param secretHash the {@link TokenSecret#hash} of its secret
 * @param sealingKey what seals its access tokens, 256 bits in hexadecimal digits
 * @param lastUsedAt about when it was used last, to the minute
 */
public record ApiToken(
    String name,
    String secretHash,
    String sealingKey,
    List<Grant> grants,
    String createdBy,
    Instant createdAt,
    Optional<Instant> expiresAt,
    Optional<Instant> lastUsedAt) {

  /** Copies the list. */
  public ApiToken {
    grants = List.copyOf(grants);
  }

  /** Whether its time is over. */
  public boolean isExpired(Instant now) {
    return expiresAt.filter(end -> !now.isBefore(end)).isPresent();
  }

  /** Whether its holder may change who may do what. */
  public boolean mayAdminister() {
    return Grant.administers(grants);
  }

  @Override
  public String toString() {
    return "ApiToken[name=" + name + ", grants=" + grants + ", expiresAt=" + expiresAt + "]";
  }
}
