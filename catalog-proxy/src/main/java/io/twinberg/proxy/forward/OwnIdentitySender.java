package io.twinberg.proxy.forward;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.twinberg.identity.Identity;
import io.twinberg.identity.IdentityException;
import io.twinberg.identity.OutgoingCall;
import io.twinberg.identity.Proof;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.RefusedException.Reason;
import io.twinberg.proxy.http.IcebergErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends calls as Twinberg: without what the caller proved himself by, with Twinberg's own proof.
 *
 * <p>A call that the upstream refuses for its proof is answered 503 with {@code Retry-After}, be it
 * a read or a commit. The caller's own credentials were right, so a 401 would send him after the
 * wrong ones. Nothing has been done upstream, and nothing is sent twice here: Iceberg's client
 * sends again by itself after such a 503, and then meets a new token; if it gives up over a commit,
 * it deletes nothing.
 */
final class OwnIdentitySender implements Sender {
  private static final Logger LOG = LoggerFactory.getLogger(OwnIdentitySender.class);
  private static final int UNAUTHORIZED = 401;

  /** How the specification says that a token has expired. */
  private static final int EXPIRED = 419;

  private final String source;
  private final Identity identity;
  private final int bodyLimitBytes;
  private final Sender next;

  OwnIdentitySender(String source, UpstreamIdentity.AsTwinberg as, Sender next) {
    this.source = source;
    this.identity = as.identity();
    this.bodyLimitBytes = as.bodyLimitBytes();
    this.next = next;
  }

  @Override
  public CatalogAnswer send(String method, URI uri, List<Header> headers, InputStream body) {
    List<Header> ours = CallerCredentials.without(headers);
    return identity.coversBody()
        ? sendCovered(method, uri, ours, whole(body))
        : sendProven(method, uri, ours, body, OutgoingCall.withoutBody(method, uri, named(ours)));
  }

  private CatalogAnswer sendCovered(String method, URI uri, List<Header> headers, byte[] body) {
    OutgoingCall call = new OutgoingCall(method, uri, named(headers), body);
    List<Header> sized = Headers.with(headers, "Content-Length", String.valueOf(body.length));
    return sendProven(method, uri, sized, new ByteArrayInputStream(body), call);
  }

  private CatalogAnswer sendProven(
      String method, URI uri, List<Header> headers, InputStream body, OutgoingCall call) {
    Proof proof = proof(call);
    List<Header> proven = new ArrayList<>(headers);
    proof.headers().forEach((name, value) -> proven.add(new Header(name, value)));
    CatalogAnswer answer = next.send(method, uri, proven, body);
    if (answer.status() == UNAUTHORIZED || answer.status() == EXPIRED) {
      return refused(answer, proof);
    }
    return new CatalogAnswer(
        answer.status(), CallerCredentials.withoutSessions(answer.headers()), answer.body());
  }

  private byte[] whole(InputStream body) {
    try {
      byte[] whole = body.readNBytes(bodyLimitBytes + 1);
      if (whole.length > bodyLimitBytes) {
        throw new RefusedException(
            Reason.TOO_LARGE,
            "The call's body is larger than %d bytes, and it must be signed; nothing was sent."
                .formatted(bodyLimitBytes));
      }
      return whole;
    } catch (IOException e) {
      throw new RefusedException(
          Reason.BAD_REQUEST, "The request's body broke off; nothing was sent.");
    }
  }

  private static Map<String, List<String>> named(List<Header> headers) {
    return headers.stream().collect(groupingBy(Header::name, mapping(Header::value, toList())));
  }

  private Proof proof(OutgoingCall call) {
    try {
      return identity.prove(call);
    } catch (IdentityException e) {
      LOG.warn("source={} nothing was sent: {}", source, e.getMessage());
      throw new AnsweredException(
          unavailable(
              "Source %s cannot be called as Twinberg: %s. Nothing was sent; check sources.%s.forward-auth."
                  .formatted(source, e.getMessage(), source)));
    }
  }

  private CatalogAnswer refused(CatalogAnswer answer, Proof proof) {
    boolean hope = identity.rejected(proof);
    LOG.warn("source={} refused forward-auth status={} renewed={}", source, answer.status(), hope);
    close(answer);
    return unavailable(
        "Source %s refused Twinberg's own credentials (%d); it has done nothing. Try again; if that does not help, check sources.%s.forward-auth."
            .formatted(source, answer.status(), source));
  }

  private static CatalogAnswer unavailable(String message) {
    CatalogAnswer error = IcebergErrors.answer(503, message);
    return new CatalogAnswer(
        error.status(), Headers.with(error.headers(), "Retry-After", "1"), error.body());
  }

  private static void close(CatalogAnswer answer) {
    try {
      answer.close();
    } catch (IOException e) {
      LOG.debug("the refusal's body broke off: {}", e.getMessage());
    }
  }
}
