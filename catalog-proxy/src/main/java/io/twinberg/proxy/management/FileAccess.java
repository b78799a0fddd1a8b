package io.twinberg.proxy.management;

import io.twinberg.config.Grant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who has access by the configuration alone.
 *
 * @param isOpen whether everyone may do everything
 * @param tokens the tokens of the configuration
 * @param others grants that callers have otherwise, by an issuer of theirs
 */
public record FileAccess(boolean isOpen, List<FileToken> tokens, List<Grant> others) {
  /** A token of the configuration, without its secret. */
  public record FileToken(String name, List<Grant> grants) {
    /** Copies the list. */
    public FileToken {
      grants = List.copyOf(grants);
    }
  }

  /** Copies the lists. */
  public FileAccess {
    tokens = List.copyOf(tokens);
    others = List.copyOf(others);
  }

  /** Everyone may do everything. */
  public static FileAccess open() {
    return new FileAccess(true, List.of(), List.of());
  }

  Optional<FileToken> token(String name) {
    return tokens.stream().filter(token -> token.name().equals(name)).findFirst();
  }

  /** The names of its tokens. */
  Set<String> names() {
    return tokens.stream().map(FileToken::name).collect(Collectors.toUnmodifiableSet());
  }

  /** Whether somebody may administer without a token that the API has made. */
  boolean hasAdministrator() {
    return isOpen
        || Grant.administers(others)
        || tokens.stream().anyMatch(token -> Grant.administers(token.grants()));
  }
}
