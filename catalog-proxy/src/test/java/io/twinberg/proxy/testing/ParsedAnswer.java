package io.twinberg.proxy.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** An answer as it stood on the wire, in ISO-8859-1. */
public record ParsedAnswer(int status, Map<String, String> headers, String body) {
  /** The answers on a connection; none is to a HEAD, the last may be cut off. */
  public static List<ParsedAnswer> all(String wire) {
    List<ParsedAnswer> answers = new ArrayList<>();
    int at = 0;
    while (at < wire.length()) {
      int end = wire.indexOf("\r\n\r\n", at);
      if (end < 0) {
        throw new IllegalArgumentException("no answer: " + wire.substring(at));
      }
      String[] lines = wire.substring(at, end).split("\r\n");
      int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
      Map<String, String> headers = headers(lines);
      StringBuilder body = new StringBuilder();
      at = body(wire, end + 4, status, headers, body);
      if (status >= 200) {
        answers.add(new ParsedAnswer(status, headers, body.toString()));
      }
    }
    return answers;
  }

  private static Map<String, String> headers(String[] lines) {
    Map<String, String> headers = new TreeMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      headers.put(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).trim());
    }
    return headers;
  }

  private static int body(
      String wire, int start, int status, Map<String, String> headers, StringBuilder body) {
    if (status < 200 || status == 204 || status == 304) {
      return start;
    }
    if (headers.containsKey("transfer-encoding")) {
      return chunks(wire, start, body);
    }
    int length =
        headers.containsKey("content-length")
            ? Integer.parseInt(headers.get("content-length"))
            : wire.length() - start;
    int end = Math.min(wire.length(), start + length);
    body.append(wire, start, end);
    return end;
  }

  private static int chunks(String wire, int start, StringBuilder body) {
    int at = start;
    while (true) {
      int line = wire.indexOf("\r\n", at);
      if (line < 0) {
        return wire.length();
      }
      int length = Integer.parseInt(wire.substring(at, line), 16);
      int end = Math.min(wire.length(), line + 2 + length);
      body.append(wire, line + 2, end);
      at = Math.min(wire.length(), end + 2);
      if (length == 0 || at >= wire.length()) {
        return at;
      }
    }
  }
}
