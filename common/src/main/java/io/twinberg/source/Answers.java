package io.twinberg.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.twinberg.source.LoadResult.Denied;
import io.twinberg.source.LoadResult.Failure;
import io.twinberg.source.LoadResult.NotFound;
import io.twinberg.source.LoadResult.Unavailable;
import java.io.IOException;
import java.net.http.HttpResponse;

/** The one place that turns a source's status codes into failures. */
final class Answers {
  private static final int MAX_DETAIL_CHARS = 300;

  private Answers() {}

  /** The failure of an answer that is not 200. */
  static Failure failure(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    String detail = "GET " + answer.uri() + ": HTTP " + status + errorOf(answer.body());
    return switch (status) {
      case 404 -> new NotFound(detail);
      // 419 is how the specification says that a token has expired.
      case 401, 403, 419 -> new Denied(status, detail);
      default -> Unavailable.status(status, detail);
    };
  }

  /** The body of a 200 as JSON. */
  static JsonNode json(HttpResponse<byte[]> answer) throws ReadFailedException {
    if (answer.statusCode() != 200) {
      throw new ReadFailedException(failure(answer));
    }
    try {
      return MetadataJson.MAPPER.readTree(answer.body());
    } catch (IOException e) {
      throw garbage(answer, e);
    }
  }

  static ReadFailedException garbage(HttpResponse<byte[]> answer, Exception cause) {
    return new ReadFailedException(
        Unavailable.because("GET " + answer.uri() + ": unusable body: " + firstLine(cause), cause));
  }

  // Jackson's second line quotes the input, which may hold credentials.
  private static String firstLine(Exception cause) {
    String message = String.valueOf(cause.getMessage());
    return shortened(message.lines().findFirst().orElse(""));
  }

  private static String errorOf(byte[] body) {
    try {
      JsonNode error = MetadataJson.MAPPER.readTree(body).path("error");
      return error.isMissingNode()
          ? ""
          : shortened(" " + error.path("type").asText() + ": " + error.path("message").asText());
    } catch (IOException e) {
      return ""; // an error page of some proxy in between says nothing that helps here
    }
  }

  private static String shortened(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", " ");
    return printable.substring(0, Math.min(printable.length(), MAX_DETAIL_CHARS));
  }
}
