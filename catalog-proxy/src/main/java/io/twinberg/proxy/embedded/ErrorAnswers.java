package io.twinberg.proxy.embedded;

import io.twinberg.embedded.NotCommittedException;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.CatalogCall;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.BadRequestException;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.CommitStateUnknownException;
import org.apache.iceberg.exceptions.ForbiddenException;
import org.apache.iceberg.exceptions.NamespaceNotEmptyException;
import org.apache.iceberg.exceptions.NoSuchNamespaceException;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.exceptions.NoSuchViewException;
import org.apache.iceberg.exceptions.UnprocessableEntityException;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.rest.responses.ErrorResponse;
import org.apache.iceberg.rest.responses.ErrorResponseParser;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one table of exceptions, statuses and the specification's error bodies. */
final class ErrorAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorAnswers.class);
  private static final Map<Class<? extends RuntimeException>, Integer> STATUSES = statuses();
  private static final int INSUFFICIENT_STORAGE = 507;

  private ErrorAnswers() {}

  /** Subclasses count as their superclass; the first that fits wins. */
  private static Map<Class<? extends RuntimeException>, Integer> statuses() {
    Map<Class<? extends RuntimeException>, Integer> statuses = new LinkedHashMap<>();
    statuses.put(BadRequestException.class, 400);
    statuses.put(ValidationException.class, 400);
    statuses.put(IllegalArgumentException.class, 400);
    statuses.put(ForbiddenException.class, 403);
    statuses.put(NoSuchNamespaceException.class, 404);
    statuses.put(NoSuchTableException.class, 404);
    statuses.put(NoSuchViewException.class, 404);
    statuses.put(UnsupportedOperationException.class, 406);
    statuses.put(AlreadyExistsException.class, 409);
    statuses.put(CommitFailedException.class, 409);
    statuses.put(NamespaceNotEmptyException.class, 409);
    statuses.put(UnprocessableEntityException.class, 422);
    return statuses;
  }

  static CatalogAnswer of(CatalogCall call, RuntimeException failure) {
    if (failure instanceof NotCommittedException none) {
      return notCommitted(call, none);
    }
    for (Map.Entry<Class<? extends RuntimeException>, Integer> entry : STATUSES.entrySet()) {
      if (entry.getKey().isInstance(failure)) {
        return answer(
            call,
            entry.getValue(),
            entry.getKey().getSimpleName(), // clients know these, not our subclasses
            String.valueOf(failure.getMessage()));
      }
    }
    return isUnstorable(failure)
        ? answer(call, 400, "BadRequestException", "A name or value is too long to be stored")
        : unexpected(call, failure);
  }

  /** SQL states of class 22: the value does not fit the column. */
  private static boolean isUnstorable(RuntimeException failure) {
    return failure.getCause() instanceof SQLException sql
        && String.valueOf(sql.getSQLState()).startsWith("22");
  }

  /**
   * What was to be stored found no place. Clients take 500 and 502 to 504 for an unknown outcome,
   * and this one is known.
   */
  private static CatalogAnswer notCommitted(CatalogCall call, NotCommittedException failure) {
    log(call, failure);
    return answer(
        call,
        INSUFFICIENT_STORAGE,
        "InsufficientStorageException",
        "%s; the catalog's log has the reason under request id %s; commit again once it is mended"
            .formatted(failure.getMessage(), call.requestId()));
  }

  /** The details go to the log: they may name hosts, and the caller cannot act on them. */
  private static void log(CatalogCall call, RuntimeException failure) {
    LOG.error(
        "embedded_call_failed request={} method={} path={}",
        call.requestId(),
        call.method(),
        call.path(),
        failure);
  }

  private static CatalogAnswer unexpected(CatalogCall call, RuntimeException failure) {
    log(call, failure);
    boolean reads = call.method().equals("GET") || call.method().equals("HEAD");
    boolean open = !reads || failure instanceof CommitStateUnknownException;
    return answer(
        call,
        500,
        open ? "CommitStateUnknownException" : "InternalServerError",
        "The catalog could not complete the call; its log has the reason under request id "
            + call.requestId());
  }

  static CatalogAnswer answer(CatalogCall call, int status, String type, String message) {
    if (call.method().equals("HEAD")) {
      return CatalogAnswer.empty(status);
    }
    ErrorResponse error =
        ErrorResponse.builder().responseCode(status).withType(type).withMessage(message).build();
    return CatalogAnswer.json(
        status, ErrorResponseParser.toJson(error).getBytes(StandardCharsets.UTF_8));
  }
}
