package io.twinberg.proxy.access;

import io.twinberg.proxy.catalog.Caller;
import io.twinberg.proxy.catalog.Caller.Access;
import io.twinberg.proxy.catalog.Caller.ManagementRole;
import io.twinberg.proxy.http.CallerLookup;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Optional;

/** Who a caller is by Twinberg's own tokens, and what that allows. */
public sealed interface AccessPolicy extends CallerLookup {
  /** The name of callers that no token identifies. */
  String ANONYMOUS = "anonymous";

  /** Everyone may do everything; for loopback hosts only. */
  static AccessPolicy open() {
    return new Open();
  }

  /** Callers are known by these tokens; others may do nothing. */
  static AccessPolicy tokens(List<Token> tokens) {
    return new Tokens(tokens);
  }

  /** Everyone may do everything. */
  record Open() implements AccessPolicy {
    private static final Access ALL =
        new Access() {
          @Override
          public boolean mayRead(String catalog) {
            return true;
          }

          @Override
          public boolean mayWrite(String catalog) {
            return true;
          }

          @Override
          public boolean mayManage(ManagementRole role) {
            return true;
          }
        };

    @Override
    public Caller caller(Optional<String> authorization) {
      return new Caller(ANONYMOUS, ALL);
    }
  }

  /** Callers are known by bearer tokens. */
  final class Tokens implements AccessPolicy {
    private static final Caller NOBODY = new Caller(ANONYMOUS, new GrantedAccess(List.of()));
    private static final String SCHEME = "bearer ";

    private final List<Known> known;

    private record Known(byte[] hash, Caller caller) {}

    private Tokens(List<Token> tokens) {
      this.known =
          tokens.stream()
              .map(
                  token ->
                      new Known(
                          hash(token.secret()),
                          new Caller(token.name(), new GrantedAccess(token.grants()))))
              .toList();
    }

    @Override
    public Caller caller(Optional<String> authorization) {
      return authorization
          .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
          .map(value -> value.substring(SCHEME.length()).trim())
          .map(this::withSecret)
          .orElse(NOBODY);
    }

    /** Compares with every token, so that the time tells neither which matches nor how far. */
    private Caller withSecret(String secret) {
      byte[] hash = hash(secret);
      Caller found = NOBODY;
      for (Known candidate : known) {
        if (MessageDigest.isEqual(candidate.hash(), hash)) {
          found = candidate.caller();
        }
      }
      return found;
    }

    private static byte[] hash(String secret) {
      try {
        return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }
}
