package io.twinberg.proxy.management;

import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.ClientConnection;
import io.twinberg.proxy.http.ClientPace;

/** The body of a call, read as a whole before anything is done for it. */
final class CallBody {
  private CallBody() {}

  /**
   * Reads it, or what was read before.
   *
   * @throws RefusedException when the client ends its connection amid the body, or stands still
   */
  static byte[] of(Context context, ClientPace pace) {
    try {
      ClientConnection.of(context.req(), pace).patiently(() -> context.bodyAsBytes().length);
      return context.bodyAsBytes();
    } catch (HttpResponseException tooLarge) {
      throw tooLarge;
    } catch (Exception broken) { // an IOException of the connection, which Kotlin does not declare
      throw ClientConnection.stalled(broken)
          ? refused(Reason.TOO_SLOW, "came too slowly")
          : refused(Reason.BAD_REQUEST, "broke off");
    }
  }

  private static RefusedException refused(Reason reason, String how) {
    return new RefusedException(
        reason, "The request's body " + how + "; nothing was done, send it again.");
  }
}
