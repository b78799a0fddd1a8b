package io.twinberg.proxy.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The absolute URI under which a client reaches a catalog. */
final class ClientBase {
  private static final Pattern AUTHORITY = Pattern.compile("[A-Za-z0-9._~:\\[\\]-]{1,255}");

  private ClientBase() {}

  /**
   * The base of a catalog as the client sees it. The forwarding headers of a load balancer are
   * believed: what follows from them goes back to the same client only.
   */
  static String of(HttpServletRequest request, String catalog) {
    String scheme =
        "https".equals(request.getHeader("X-Forwarded-Proto")) ? "https" : request.getScheme();
    return scheme + "://" + authority(request) + "/catalogs/" + catalog;
  }

  private static String authority(HttpServletRequest request) {
    String forwarded = request.getHeader("X-Forwarded-Host");
    if (plain(forwarded)) {
      return forwarded;
    }
    String host = request.getHeader("Host");
    return plain(host) ? host : request.getLocalAddr() + ":" + request.getLocalPort();
  }

  private static boolean plain(@Nullable String authority) {
    return authority != null && AUTHORITY.matcher(authority).matches();
  }
}
