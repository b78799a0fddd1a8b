package io.twinberg.proxy.forward;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Rewrites the links in the {@code config} and {@code storage-credentials} of an answer with a
 * table or view, and withholds what {@link AuthSettings} says where calls go upstream as Twinberg.
 * All other bytes, the metadata's among them, stay as they are.
 */
final class TableConfigRewriter {
  private static final JsonFactory JSON = new JsonFactory();

  private final byte[] body;
  private final Links links;
  private final boolean asTwinberg;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int copied;

  private TableConfigRewriter(byte[] body, Links links, boolean asTwinberg) {
    this.body = body;
    this.links = links;
    this.asTwinberg = asTwinberg;
  }

  /** The body with its links rewritten; as it is where there are none, or where it is not JSON. */
  static byte[] rewrite(byte[] body, Links links, boolean asTwinberg) {
    if (!asTwinberg && links.traces().stream().noneMatch(trace -> contains(body, trace))) {
      return body;
    }
    TableConfigRewriter rewriter = new TableConfigRewriter(body, links, asTwinberg);
    try (JsonParser parser = JSON.createParser(body)) {
      rewriter.answer(parser);
    } catch (IOException e) {
      return body;
    }
    return rewriter.finish();
  }

  private static boolean contains(byte[] body, String trace) {
    byte[] wanted = trace.getBytes(StandardCharsets.UTF_8);
    for (int start = 0; start <= body.length - wanted.length; start++) {
      int i = 0;
      while (i < wanted.length && body[start + i] == wanted[i]) {
        i++;
      }
      if (i == wanted.length) {
        return true;
      }
    }
    return false;
  }

  private void answer(JsonParser parser) throws IOException {
    if (parser.nextToken() == JsonToken.START_OBJECT) {
      members(parser);
    }
  }

  /** The members of an answer or of one of its storage credentials. */
  private void members(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("config") && value == JsonToken.START_OBJECT) {
        config(parser);
      } else if (name.equals("storage-credentials") && value == JsonToken.START_ARRAY) {
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          members(parser);
        }
      } else {
        parser.skipChildren();
      }
    }
  }

  private void config(JsonParser parser) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      int keyStart = (int) parser.currentTokenLocation().getByteOffset();
      JsonToken value = parser.nextToken();
      if (asTwinberg && AuthSettings.isOne(key)) {
        parser.skipChildren();
        replace(keyStart, parser, quoted("twinberg.withheld." + key) + ":\"\"");
      } else if (value == JsonToken.VALUE_STRING) {
        value(parser, key);
      } else {
        parser.skipChildren();
      }
    }
  }

  private void value(JsonParser parser, String key) throws IOException {
    String value = parser.getText();
    String rewritten = links.rewrite(key, value);
    if (!rewritten.equals(value)) {
      int start = (int) parser.currentTokenLocation().getByteOffset();
      replace(start, parser, quoted(rewritten));
    }
  }

  private static String quoted(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /** Puts text in the place of what lies from {@code start} to the end of the current token. */
  private void replace(int start, JsonParser parser, String text) throws IOException {
    parser.finishToken();
    out.write(body, copied, start - copied);
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    copied = (int) parser.currentLocation().getByteOffset();
  }

  private byte[] finish() {
    if (copied == 0) {
      return body;
    }
    out.write(body, copied, body.length - copied);
    return out.toByteArray();
  }
}
