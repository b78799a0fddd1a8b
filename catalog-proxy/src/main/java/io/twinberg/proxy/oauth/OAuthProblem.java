package io.twinberg.proxy.oauth;

/** A token request is refused, in the words of RFC 6749; the message goes to the client. */
final class OAuthProblem extends Exception {
  private static final String INVALID_REQUEST = "invalid_request";
  private static final String INVALID_CLIENT = "invalid_client";

  private enum Credential {
    MISSING,
    UNKNOWN,
    FOREIGN,
    EXPIRED
  }

  private final String error;
  private final Credential credential;

  private OAuthProblem(String error, Credential credential, String description) {
    super(description);
    this.error = error;
    this.credential = credential;
  }

  static OAuthProblem invalidRequest(String description) {
    return new OAuthProblem(INVALID_REQUEST, Credential.MISSING, description);
  }

  static OAuthProblem unsupportedGrant(String description) {
    return new OAuthProblem("unsupported_grant_type", Credential.MISSING, description);
  }

  static OAuthProblem missingClient() {
    return new OAuthProblem(INVALID_CLIENT, Credential.MISSING, "client_secret is missing");
  }

  static OAuthProblem unknownClient() {
    String description = "client_id and client_secret are no name and secret of a Twinberg token";
    return new OAuthProblem(INVALID_CLIENT, Credential.UNKNOWN, description);
  }

  static OAuthProblem unknownToken() {
    String description = "the subject token is none of Twinberg's, or not of this client";
    return new OAuthProblem(INVALID_REQUEST, Credential.UNKNOWN, description);
  }

  static OAuthProblem expiredToken() {
    return new OAuthProblem(
        INVALID_REQUEST, Credential.EXPIRED, "the subject token has expired; send the credential");
  }

  static OAuthProblem foreignToken() {
    return new OAuthProblem(
        INVALID_REQUEST,
        Credential.FOREIGN,
        "the subject token is none that Twinberg has issued; get a fresh one where it comes from");
  }

  /** Whether somebody may be trying credentials out. */
  boolean isGuess() {
    return credential == Credential.UNKNOWN;
  }

  /** Whether the credential was one of ours all the same. */
  boolean isOurs() {
    return credential == Credential.EXPIRED;
  }

  String error() {
    return error;
  }

  int status() {
    return error.equals(INVALID_CLIENT) ? 401 : 400;
  }
}
