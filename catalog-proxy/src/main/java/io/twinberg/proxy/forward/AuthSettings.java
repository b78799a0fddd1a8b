package io.twinberg.proxy.forward;

import java.util.regex.Pattern;

/**
 * The settings by which an upstream tells its own clients how to prove who they are, tokens among
 * them. Where calls go upstream as Twinberg they are Twinberg's matter, and kept from callers.
 */
final class AuthSettings {
  private static final Pattern KEYS =
      Pattern.compile(
          "token|credential|oauth2-server-uri|scope|audience|resource"
              + "|token-(refresh-enabled|exchange-enabled|expires-in-ms)"
              + "|urn:ietf:params:oauth:token-type:.*"
              + "|rest\\.auth\\..*|rest\\.sigv4-enabled|rest\\.signing-(name|region)"
              + "|rest\\.(access-key-id|secret-access-key|session-token)");

  private AuthSettings() {}

  static boolean isOne(String key) {
    return KEYS.matcher(key).matches();
  }
}
