package io.twinberg.proxy.forward;

import java.util.List;

/**
 * Rewrites the values of configs that would lead clients around the proxy, or past their catalog.
 *
 * <ul>
 *   <li>An absolute URI below the upstream's base (a signer, a token end point, a credential
 *       refresh, {@code rest.*uri}) becomes the same path below the catalog's base with us.
 *   <li>A path relative to the client's own URI that begins with the upstream's prefix ({@code
 *       v1/main/…}) gets ours instead; without an upstream prefix, end points only.
 *   <li>Everything else stays: a token server or object store beside the catalog is not the
 *       catalog.
 * </ul>
 *
 * @param upstreamBase the upstream's base as the upstream sees it, without trailing slash
 * @param base the catalog's base with us
 * @param name the served name, our prefix
 */
record Links(String upstreamBase, String upstreamPrefix, String base, String name) {
  /** Strings without which nothing can be there to rewrite. */
  List<String> traces() {
    String start = upstreamPrefix.isEmpty() ? "v1/" : "v1/" + upstreamPrefix + "/";
    return List.of(upstreamBase, "\"" + start, "\"/" + start);
  }

  String rewrite(String key, String value) {
    if (isBelowUpstream(value) && !key.equals("s3.endpoint")) {
      return base + value.substring(upstreamBase.length());
    }
    return isEndpoint(key) ? withOurPrefix(value) : value;
  }

  private boolean isBelowUpstream(String value) {
    return value.startsWith(upstreamBase)
        && (value.length() == upstreamBase.length()
            || "/?".indexOf(value.charAt(upstreamBase.length())) >= 0);
  }

  private static boolean isEndpoint(String key) {
    return key.endsWith("endpoint");
  }

  private String withOurPrefix(String value) {
    String slash = value.startsWith("/") ? "/" : "";
    String path = value.substring(slash.length());
    String start = upstreamPrefix.isEmpty() ? "v1/" : "v1/" + upstreamPrefix + "/";
    return path.startsWith(start)
        ? slash + "v1/" + name + "/" + path.substring(start.length())
        : value;
  }
}
