package io.twinberg.proxy.management;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import io.twinberg.proxy.catalog.AnsweredException;
import io.twinberg.proxy.http.IcebergErrors;
import io.twinberg.token.TokenSecret;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The body of a call that is one JSON object: what could be read in two ways is refused. */
final class JsonBody {
  private static final int UNSUPPORTED = 415;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private JsonBody() {}

  /**
   * Reads the body of a call.
   *
   * @param what it is, in a word
   * @throws RuntimeException with an answer of its own when it is no JSON object, or not said to be
   */
  static ObjectNode of(Context context, String what) {
    requireJson(context.header("Content-Type"), what);
    return read(context.bodyAsBytes(), what);
  }

  /** Without this a page in a browser on this host could post to an open API. */
  private static void requireJson(@Nullable String contentType, String what) {
    String type = contentType == null ? "" : contentType.split(";", 2)[0].strip();
    if (!type.equalsIgnoreCase("application/json")) {
      throw new AnsweredException(
          IcebergErrors.answer(
              UNSUPPORTED,
              "send the %s as JSON with 'Content-Type: application/json', not '%s'"
                  .formatted(what, type)));
    }
  }

  private static ObjectNode read(byte[] bytes, String what) {
    try {
      if (JSON.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (IOException e) {
      throw StatusQuestion.bad("the " + what + " is no JSON: " + firstLine(e));
    }
    throw StatusQuestion.bad("the " + what + " must be a JSON object");
  }

  /** Further lines say where in the text, which somebody may have put a secret into. */
  private static String firstLine(IOException e) {
    return TokenSecret.masked(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
  }
}
