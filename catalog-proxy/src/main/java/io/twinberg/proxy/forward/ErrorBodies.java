package io.twinberg.proxy.forward;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.twinberg.proxy.catalog.CatalogAnswer;
import io.twinberg.proxy.catalog.Header;
import io.twinberg.proxy.http.IcebergErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Error answers that clients can read: JSON passes as it is; pages for people and empty bodies
 * become Iceberg's error JSON with the same status, and redirects an error that names where they
 * lead.
 */
final class ErrorBodies {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LOOK_BYTES = 64 * 1024;
  private static final Set<String> OF_THE_OLD_BODY =
      Set.of("content-type", "content-length", "content-encoding", "etag", "last-modified");

  private final String source;

  ErrorBodies(String source) {
    this.source = source;
  }

  CatalogAnswer readable(String method, CatalogAnswer answer) throws IOException {
    if (answer.status() / 100 == 3 && answer.status() != 304) {
      return redirect(answer);
    }
    return answer.status() < 400 || method.equals("HEAD") ? answer : error(answer);
  }

  private CatalogAnswer redirect(CatalogAnswer answer) throws IOException {
    String location =
        header(answer, "location").map(value -> value.split("[?#]", 2)[0]).orElse("nowhere");
    answer.close();
    return IcebergErrors.answer(
        502,
        "Source %s answered %d, a redirect to %s. Redirects are not followed: set sources.%s.uri to where the catalog is."
            .formatted(source, answer.status(), location, source));
  }

  private CatalogAnswer error(CatalogAnswer answer) throws IOException {
    if (header(answer, "content-type").filter(ErrorBodies::isJson).isPresent()) {
      PushbackInputStream body = new PushbackInputStream(answer.body());
      int first = body.read();
      if (first < 0) {
        return replaced(answer);
      }
      body.unread(first);
      return new CatalogAnswer(answer.status(), answer.headers(), body);
    }
    byte[] start = answer.body().readNBytes(LOOK_BYTES);
    if (!isJsonObject(start)) {
      return replaced(answer);
    }
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(start), answer.body());
    return new CatalogAnswer(answer.status(), answer.headers(), whole);
  }

  private static boolean isJson(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).contains("json");
  }

  private static boolean isJsonObject(byte[] body) {
    try {
      return JSON.readTree(body).isObject();
    } catch (IOException e) {
      return false;
    }
  }

  private CatalogAnswer replaced(CatalogAnswer answer) throws IOException {
    answer.close();
    CatalogAnswer error =
        IcebergErrors.answer(
            answer.status(),
            "Source %s answered %d without an explanation.".formatted(source, answer.status()));
    List<Header> headers = new ArrayList<>(error.headers());
    answer.headers().stream()
        .filter(header -> !OF_THE_OLD_BODY.contains(header.name().toLowerCase(Locale.ROOT)))
        .forEach(headers::add);
    return new CatalogAnswer(answer.status(), headers, error.body());
  }

  private static Optional<String> header(CatalogAnswer answer, String name) {
    return answer.headers().stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
