package io.twinberg.proxy.forward;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.util.Set;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/**
 * Sends a read once more whose connection the upstream turned out to have closed while it rested.
 * Nothing else is ever sent twice: a mutation whose answer did not come may have happened.
 */
final class ReadsOnceMore implements HttpRequestRetryStrategy {
  private static final Set<String> READS = Set.of("GET", "HEAD");

  @Override
  public boolean retryRequest(
      HttpRequest request, IOException failure, int count, HttpContext context) {
    return count == 1 && READS.contains(request.getMethod()) && isOfAClosedConnection(failure);
  }

  private static boolean isOfAClosedConnection(IOException failure) {
    return failure instanceof NoHttpResponseException
        || (failure instanceof SocketException && !(failure instanceof ConnectException));
  }

  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return false;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
    return TimeValue.ZERO_MILLISECONDS;
  }
}
