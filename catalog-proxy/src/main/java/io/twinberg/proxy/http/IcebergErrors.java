package io.twinberg.proxy.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.catalog.RefusedException;
import io.twinberg.proxy.catalog.UpstreamException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.exceptions.BadRequestException;

/** The one place that gives errors their status and their type in Iceberg's error JSON. */
public final class IcebergErrors {
  private static final String COMMIT_STATE_UNKNOWN = "CommitStateUnknownException";
  private static final String COMMIT_FAILED = "CommitFailedException";
  private static final String UNAVAILABLE = "ServiceUnavailableException";
  private static final String FAILURE = "ServiceFailureException";

  private IcebergErrors() {}

  /** An error answer. */
  public static CatalogAnswer answer(int status, String type, String message) {
    return CatalogAnswer.json(status, body(status, type, message));
  }

  /** An error answer whose type follows from its status alone. */
  public static CatalogAnswer answer(int status, String message) {
    return answer(status, typeOf(status), message);
  }

  /** An error answer that says at which ETag the thing is that it is about. */
  public static CatalogAnswer answer(int status, String message, Optional<String> etag) {
    CatalogAnswer answer = answer(status, message);
    return etag.map(tag -> with(answer, new Header("ETag", tag))).orElse(answer);
  }

  /** An error answer with something beside the error, under a name of its own. */
  public static CatalogAnswer answer(int status, String message, String name, JsonNode more) {
    ObjectNode body = error(status, typeOf(status), message);
    body.set(name, more);
    return CatalogAnswer.json(status, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The answer that an exception becomes. */
  public static CatalogAnswer of(Throwable error) {
    return expected(error)
        .orElseGet(() -> answer(500, "Twinberg failed; its log has more under the request's id."));
  }

  /** The answer of an exception that has one of its own; any other is a bug of ours. */
  public static Optional<CatalogAnswer> expected(Throwable error) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof AnsweredException answered) {
        return Optional.of(answered.answer());
      }
      if (cause instanceof RefusedException refused) {
        return Optional.of(of(refused));
      }
      if (cause instanceof BadRequestException bad) {
        return Optional.of(answer(400, String.valueOf(bad.getMessage())));
      }
      if (cause instanceof UpstreamException upstream) {
        String message = String.valueOf(upstream.getMessage());
        return Optional.of(answer(statusOf(upstream), UNAVAILABLE, message));
      }
    }
    return Optional.empty();
  }

  /**
   * The answer to a mutating call whose outcome nobody knows. It has no {@code Retry-After}: the
   * client must look before it commits again.
   */
  public static CatalogAnswer commitStateUnknown(UpstreamException broken) {
    return answer(
        statusOf(broken),
        COMMIT_STATE_UNKNOWN,
        "It is not known whether the source has committed: " + broken.getMessage());
  }

  private static int statusOf(UpstreamException broken) {
    return broken.kind() == UpstreamException.Kind.TIMEOUT ? 504 : 502;
  }

  private static CatalogAnswer of(RefusedException refused) {
    String message = String.valueOf(refused.getMessage());
    return switch (refused.reason()) {
      case BAD_REQUEST -> answer(400, message);
      case NOT_AUTHORIZED ->
          with(answer(401, message), new Header("WWW-Authenticate", "Bearer realm=\"twinberg\""));
      case FORBIDDEN -> answer(403, message);
      case NOT_FOUND -> answer(404, message);
      case METHOD_NOT_ALLOWED -> answer(405, message);
      case TOO_LARGE -> answer(413, message);
      case TOO_SLOW -> answer(408, message);
      case BUSY -> with(answer(503, message), new Header("Retry-After", "1"));
      case LOG_UNAVAILABLE, DATABASE_AWAY ->
          with(answer(503, message), new Header("Retry-After", "5"));
      case COMMIT_HELD -> answer(409, COMMIT_FAILED, message);
    };
  }

  /** The type for a status where nothing more is known. */
  static String typeOf(int status) {
    return switch (status) {
      case 400 -> "BadRequestException";
      case 401 -> "NotAuthorizedException";
      case 403 -> "ForbiddenException";
      case 404 -> "NotFoundException";
      case 405 -> "MethodNotAllowedException";
      case 406, 501 -> "UnsupportedOperationException";
      case 408 -> "RequestTimeoutException";
      case 409 -> "ConflictException";
      case 412 -> "PreconditionFailedException";
      case 413 -> "RequestTooLargeException";
      case 415 -> "UnsupportedMediaTypeException";
      case 428 -> "PreconditionRequiredException";
      case 429 -> "TooManyRequestsException";
      case 500 -> "InternalServerError";
      case 503 -> UNAVAILABLE;
      default -> status < 500 ? "BadRequestException" : FAILURE;
    };
  }

  static byte[] body(int status, String type, String message) {
    return error(status, type, message).toString().getBytes(StandardCharsets.UTF_8);
  }

  private static ObjectNode error(int status, String type, String message) {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("message", message).put("type", type).put("code", status);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("error", error);
    return body;
  }

  private static CatalogAnswer with(CatalogAnswer answer, Header header) {
    List<Header> headers = new ArrayList<>(answer.headers());
    headers.add(header);
    return new CatalogAnswer(answer.status(), headers, answer.body());
  }
}
